import { longestAddress } from './limits.ts'

/** An address as it was typed, made whole; or in a sentence why it can't be captured. */
export function readAddress(typed: string): { address: string } | { problem: string } {
  const text = typed.trim()
  if (!text) return { problem: 'Type the address of the page, like https://www.example.org/news.' }
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) && !/^[^/]+:\d+(\/|$)/.test(text) ? text : `https://${text}`
  if (!URL.canParse(whole))
    return { problem: 'This is no address. Copy it from the browser, like https://www.example.org/news.' }
  const url = new URL(whole)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return {
      problem: 'Only pages of the web can be captured: the address has to begin with https:// or http://.',
    }
  if (url.username || url.password)
    return {
      problem:
        'This address holds a name or password. What is captured is what anybody can see: leave them out.',
    }
  if (url.href.length > longestAddress)
    return { problem: `This address is too long: ${longestAddress} characters are the most.` }
  return { address: url.href }
}
