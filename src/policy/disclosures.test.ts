import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadPolicy } from './policy.ts'

const { disclosures, disclosureParts } = await loadPolicy('policy/4.37')
const facts = {
  departmentName: 'Millbrook Police Department',
  pagePurpose: 'News, road closures and safety advice for the people of Millbrook',
  website: 'https://millbrookpd.example',
  contact: '413-555-0100',
}

describe('what a page says about itself', () => {
  test('says everything in full where there is room', () => {
    const { text, left_out } = disclosures(facts, 10_000)
    expect(left_out).toEqual([])
    for (const part of [
      'This page is maintained by Millbrook Police Department.',
      'News, road closures and safety advice for the people of Millbrook.',
      'Official website: https://millbrookpd.example',
      'reserves the right to remove obscenities, off-topic comments and personal attacks',
      'subject to public disclosure',
      'do not reflect those of the department',
    ])
      expect(text).toContain(part)
  })
  test('shortens before it leaves anything out', () => {
    const { text, left_out } = disclosures(facts, 300)
    expect(left_out).toEqual([])
    expect(text.length).toBeLessThanOrEqual(300)
    expect(text).toContain('public record')
  })
  test('names what found no room, with its clause, the least important first to go', () => {
    const { left_out } = disclosures(facts, 160)
    expect(left_out).toContain("that visitors' opinions are not the department's (IV.A.2.iv)")
    expect(left_out.join()).not.toContain('IV.A.2.ii)')
  })
  test('names a fact that nobody has given', () => {
    const { text, left_out } = disclosures({ ...facts, website: ' ' }, 10_000)
    expect(left_out).toEqual(['the link to the official website (IV.A.1.ii)'])
    expect(text).not.toMatch(/website|\{/)
  })
  test('puts no full stop behind an address, so that it can be followed', () => {
    expect(disclosures(facts, 10_000).text).toContain('https://millbrookpd.example\nComments')
  })
  test('fits any length, and accounts for every part, said or left out', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 120 })
    const anyFacts = fc.record({ departmentName: words, pagePurpose: words, website: words, contact: words })
    fc.assert(
      fc.property(anyFacts, fc.nat(900), (given, max) => {
        const { text, left_out } = disclosures(given, max)
        expect([...text].length).toBeLessThanOrEqual(max)
        expect(left_out.length).toBeLessThanOrEqual(disclosureParts.length)
        if (left_out.length < disclosureParts.length) expect(text).not.toBe('')
        else expect(text).toBe('')
      }),
    )
  })
  test('more room never leaves out something more important', () => {
    // Which parts are said, the most important first: '1101'. What gains room may cost something that matters less.
    const said = (max: number) => {
      const { left_out } = disclosures(facts, max)
      return disclosureParts
        .map(({ title, clause }) => (left_out.includes(`${title} (${clause})`) ? '0' : '1'))
        .join('')
    }
    fc.assert(
      fc.property(fc.nat(600), fc.nat(300), (max, more) => said(max + more) >= said(max)),
      { examples: [[94, 8]] },
    )
  })
})
