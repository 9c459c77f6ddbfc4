/**
 * What a pattern can't tell of a number or an address: whether it is what it looks like, and whether it is the
 * department's own. Each answers true when the passage stands.
 */
export const checks = {
  'card-number': (passage: string) => isCardNumber(digitsOf(passage)),
  'social-security-number': (passage: string) => isSocialSecurityNumber(digitsOf(passage)),
  'phone-number': (passage: string, allow: readonly string[]) => isPrivatePhone(digitsOf(passage), allow),
  'street-address': (passage: string, allow: readonly string[]) => !allow.some(sameAddress(passage)),
} as const

export const checkNames = Object.keys(checks) as (keyof typeof checks)[]

const digitsOf = (text: string) => text.replace(/\D/g, '')

/** ISO/IEC 7812: 13 to 19 digits, the first that of a payment card, the last a Luhn check digit. */
export function isCardNumber(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !/^[3-6]/.test(digits) || /^(\d)\1*$/.test(digits))
    return false
  let sum = 0
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = Number(digits[digits.length - 1 - fromRight])
    const doubled = fromRight % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** The areas 000, 666 and 900 to 999, the group 00 and the serial 0000 were never given out (ssa.gov). */
export const isSocialSecurityNumber = (digits: string): boolean =>
  /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(digits)

/** Toll-free lines and service numbers are nobody's own; area codes and exchanges begin with 2 to 9. */
function isPrivatePhone(digits: string, allow: readonly string[]): boolean {
  const number = digits.slice(-10)
  if (!/^[2-9]\d{2}[2-9]\d{6}$/.test(number) || /^8(?:00|33|44|55|66|77|88)/.test(number)) return false
  return !allow.some((one) => digitsOf(one).slice(-10) === number)
}

const words = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

const sameAddress = (passage: string) => {
  const place = words(passage)
  return (allowed: string) =>
    place !== '' &&
    words(allowed).length > 5 &&
    (words(allowed).includes(place) || place.includes(words(allowed)))
}
