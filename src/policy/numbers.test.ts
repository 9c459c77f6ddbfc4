import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checks, isCardNumber, isSocialSecurityNumber } from './numbers.ts'

describe('payment cards', () => {
  // The test numbers that the card schemes publish.
  test.each([
    '4111111111111111',
    '5555555555554444',
    '378282246310005',
    '6011111111111117',
    '4222222222222',
    '30569309025904',
  ])('%s is one', (digits) => expect(isCardNumber(digits)).toBe(true))
  test.each([
    '4111111111111112',
    '0000000000000000',
    '5555555555555555',
    '411111111111',
    '9999999999999995',
    '1234567812345670',
  ])('%s is none', (digits) => expect(isCardNumber(digits)).toBe(false))
  test('one wrong digit is always noticed', () => {
    const wrong = fc.tuple(
      fc.constantFrom('4111111111111111', '5555555555554444'),
      fc.nat(14),
      fc.integer({ min: 1, max: 9 }),
    )
    fc.assert(
      fc.property(wrong, ([card, at, by]) => {
        const digit = (Number(card[at + 1]) + by) % 10
        expect(isCardNumber(card.slice(0, at + 1) + digit + card.slice(at + 2))).toBe(false)
      }),
    )
  })
})

describe('Social Security numbers', () => {
  test.each(['431559012', '001010001', '899999999'])('%s can be one', (digits) =>
    expect(isSocialSecurityNumber(digits)).toBe(true),
  )
  test.each([
    '000559012',
    '666559012',
    '900559012',
    '999559012',
    '431009012',
    '431550000',
    '43155901',
    '4315590121',
  ])('%s was never given out', (digits) => expect(isSocialSecurityNumber(digits)).toBe(false))
})

describe('telephone numbers', () => {
  const isPrivate = checks['phone-number']
  test.each(['413-555-0146', '(508) 555-0123', '+1 774 555 0102'])('%s can be a private person’s', (number) =>
    expect(isPrivate(number, [])).toBe(true),
  )
  test.each(['800-555-0167', '877-785-2020', '113-555-0146', '413-055-0146'])('%s is not', (number) =>
    expect(isPrivate(number, [])).toBe(false),
  )
  test('the department’s own is not, however it is written', () => {
    expect(isPrivate('413-555-0100', ['+1 (413) 555-0100'])).toBe(false)
    expect(isPrivate('413-555-0101', ['+1 (413) 555-0100'])).toBe(true)
  })
})

describe('addresses', () => {
  const isPrivate = checks['street-address']
  test('the department’s own is not private, however it is written', () => {
    expect(isPrivate('12 Maple St.', ['12 Maple St, Millbrook, MA'])).toBe(false)
    expect(isPrivate('14 Maple St.', ['12 Maple St, Millbrook, MA'])).toBe(true)
  })
  test('an empty or very short address allows nothing', () => {
    expect(isPrivate('12 Maple Street', [''])).toBe(true)
    expect(isPrivate('12 Maple Street', ['12'])).toBe(true)
  })
})
