import { describe, expect, test } from 'vitest'
import { drawn, isShownAsWritten, printable, runsOf, widthOf } from './pdf-fonts.ts'

describe('a text on a page', () => {
  test.each([
    ['English', 'Thank you'],
    ['Portuguese', 'A reunião é às dez. Até amanhã!'],
    ['Spanish', '¿Dónde está el niño?'],
    ['Haitian Creole', 'Mèsi anpil, zanmi mwen yo'],
    ['Vietnamese', 'Cảm ơn các bạn rất nhiều'],
    ['Russian', 'Спасибо, Иван Петров'],
    ['Chinese', '王小明：积雪很深。謝謝！'],
    ['Japanese', 'ありがとうございます、東京'],
    ['Korean', '감사합니다'],
    ['emoji', 'Bravo 🚒 👏 ❤️'],
  ])('in %s is shown as it was written', (_, text) => {
    expect(printable('text', text)).not.toContain('[U+')
    expect(isShownAsWritten(text)).toBe(true)
  })
  test.each([
    ['from right to left', 'شكرا لكم'],
    ['with marks that only a font of its script places', 'नमस्ते'],
    ['with a sign that no font has', 'The name \u{20BB7}'],
  ])('%s is said not to be', (_, text) => {
    expect(isShownAsWritten(text)).toBe(false)
  })

  test('is cut where the font changes, and nothing of it is lost', () => {
    const text = printable('text', 'Officer 王小明 said: 谢谢, thanks')
    const runs = runsOf('text', text)
    expect(runs.map(({ text }) => text)).toEqual(['Officer ', '王小明', ' said: ', '谢谢', ', thanks'])
    expect(runs.map(({ text }) => text).join('')).toBe(text)
  })
  test('is as wide as its glyphs, one after the other', () => {
    const glyphs = drawn('text', 'a王b', 10)
    expect(glyphs).toHaveLength(3)
    expect(glyphs[1]?.x).toBeCloseTo(widthOf('text', 'a', 10))
    expect(glyphs[2]?.x).toBeCloseTo(widthOf('text', 'a王', 10))
  })
})
