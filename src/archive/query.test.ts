import fc from 'fast-check'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { isCommon } from './common-words.ts'
import { type QueryRead, readQuery } from './query.ts'
import { explanation, tsqueryOf } from './query-words.ts'

const termOf = (typed: string) => {
  const read: QueryRead = readQuery(typed)
  if (!read.term) throw new Error(read.problem)
  return read.term
}
const { db } = await testDatabase()
const finds = async (typed: string, words: string) => {
  const { rows } = await sql<{ found: boolean }>`
    select to_tsvector('english', ${words}) @@ to_tsquery('english', ${tsqueryOf(termOf(typed))}) as found`.execute(
    db,
  )
  return rows[0]?.found
}

describe('a search by words', () => {
  test.each([
    ['storm flood', 'A storm, then the floods.', true],
    ['storm flood', 'A storm.', false],
    ['"mill street"', 'Mill Street is closed.', true],
    ['"mill street"', 'The street at the mill.', false],
    ['“mill street”', 'Mill Street is closed.', true],
    ['storm OR parade', 'The parade begins.', true],
    ['storm AND parade', 'The parade begins.', false],
    ['parade -storm', 'The parade begins.', true],
    ['parade NOT storm', 'The parade, in the storm.', false],
    ['-storm', 'The parade begins.', true],
    ['the storm', 'A storm.', true],
    ['parade (storm OR rain)', 'Rain at the parade.', true],
    ['parade -(storm OR rain)', 'Rain at the parade.', false],
    ['barric*', 'Barricades go up.', true],
    ['barric', 'Barricades go up.', false],
    ['storm NEAR/3 flood', 'Storm warning: flood on Main.', true],
    ['storm NEAR/3 flood', 'Flood comes before storm.', true],
    ['storm NEAR/3 flood', 'Storm over the whole town and no flood.', false],
    ['"mill street" NEAR/3 flood', 'Flood water on Mill Street.', true],
    ['24-118', 'Case 24-118 is closed.', true],
  ])('%s in “%s”: %s', async (typed, words, found) => {
    expect(await finds(typed, words)).toBe(found)
  })

  test.each([
    ['', /no word/],
    ['🙂 — !', /no word/],
    ['storm "mill street', /character 7 is not closed/],
    ['(storm OR rain', /character 1 is not closed/],
    ['storm) rain', /character 6 closes nothing/],
    ['storm OR', /ends at character 8/],
    ['AND storm', /At character 1 a word should stand in place of “AND”/],
    ['st*rm', /\* at character 3 has to stand at the end/],
    ['storm NEAR/0 flood', /distance from 1 to 20/],
    ['storm NEAR/5 (rain OR flood)', /between two words/],
    ['a NEAR b NEAR c', /between two words/],
    ['x'.repeat(401), /at most 400/],
    ['storm for*', /“for\*” at character 7 is too common/],
    ['and or', /nearly every record/],
    ['the "and of" -it', /nearly every record/],
  ])('%s is answered with what is wrong and where', (typed, problem) => {
    expect(readQuery(typed).problem).toMatch(problem)
  })

  test.each([
    ['storm', 'records with “storm”'],
    ['storm NEAR/5 flood', 'records with “storm” and “flood” within 5 words of each other'],
    [
      '"mill street" flood* -parade',
      'records with the phrase “mill street” and words that begin with “flood”, without “parade”',
    ],
    ['parade (storm OR rain)', 'records with “parade” and (either “storm” or “rain”)'],
    ['-storm', 'records without “storm”'],
  ])('%s explains itself', (typed, sentence) => {
    expect(explanation(termOf(typed))).toBe(sentence)
  })

  test('the words that are passed over are those of the database', async () => {
    const words = ['for', 'The', 'itself', 'don', 'storm', 'police', 'a', 'forest', 'may', 'us']
    const { rows } = await sql<{ word: string; dropped: boolean }>`
      select word, numnode(to_tsquery('english', quote_literal(word) || ':*')) = 0 as dropped
      from unnest(${words}::text[]) as word`.execute(db)
    expect(words.map((word) => ({ word, dropped: isCommon(word) }))).toEqual(rows)
  })

  test('anything typed is a query for the database, or a sentence', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ...[
          'AND',
          'OR',
          'NOT',
          'NEAR/2',
          'NEAR',
          '(',
          ')',
          '"',
          '-',
          '*',
          ' ',
          "'",
          '\\',
          ':*',
          '!',
          '&',
          '|',
          '<->',
          'storm',
          '\0',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 12 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 14 }), async (pieces) => {
        const read = readQuery(pieces.join(fc.sample(fc.constantFrom('', ' '), 1)[0]))
        if (!read.term) {
          expect(read.problem).toMatch(/\.$/)
          return
        }
        await sql`select to_tsquery('english', ${tsqueryOf(read.term)})`.execute(db)
      }),
      { numRuns: 400 },
    )
  })

  test('what is typed never becomes an operator', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 20 }), async (typed) => {
        const word = `w${typed.replace(/[\s()"“”*\0]/g, '')}`
        const read = readQuery(word)
        if (!read.term) return
        expect(read.term).toEqual({ is: 'word', text: word, begins: false })
        const { rows } = await sql<{ text: string }>`
          select to_tsquery('simple', ${tsqueryOf(read.term)})::text as text`.execute(db)
        // Several lexemes of one word stand beside each other; none is excluded and none is an alternative.
        expect(rows[0]?.text.replaceAll(/'(?:[^']|'')*'/g, '')).not.toMatch(/[|!]/)
      }),
      { numRuns: 300 },
    )
  })
})
