import { randomInt } from 'node:crypto'

// Crockford's base 32: no letter looks like another one or like a digit, so a code survives a letter or a call.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** A code with which a requester follows a request: 100 random bits, as xxxx-xxxx-xxxx-xxxx-xxxx. */
export function newCode(): string {
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return Array.from({ length: 5 }, group).join('-')
}

/** The code as we write it, from what somebody typed; null when it can't be one. */
export function readCode(typed: string): string | null {
  const letters = typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1')
  if (letters.length !== 20 || [...letters].some((one) => !alphabet.includes(one))) return null
  return letters.match(/.{4}/g)?.join('-') ?? null
}
