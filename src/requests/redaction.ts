import type { RecordText } from '../archive/archive.ts'
import { readRecord } from '../archive/archive.ts'
import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import type { RecordId, RequestId } from '../storage/ids.ts'
import { exemptionsOf, type Mark, type TextMark } from './marks.ts'
import { blackOut, occurrences, removedWords, spread } from './redact-text.ts'
import { textsOf, wideningNumbers } from './rendition.ts'
import { recordReview, reviewing } from './review.ts'
import * as reviews from './review-store.ts'

export interface WantedRedaction {
  /** What is taken out in addition to what was. */
  add: readonly Mark[]
  /** Which of the marks so far are taken back, by their place in the list. */
  takeBack?: readonly number[]
  why: string
  /** The revision of the review that the person saw; 0 when there was none. */
  revision: number
  /** Take the same words out of every other record of the collection as well. */
  everywhere?: boolean
}

/** Takes passages, areas and files out of one record. Its original stays as it is. */
export function redactRecord(
  installation: Installation,
  person: Person,
  id: RequestId,
  record: RecordId,
  wanted: WantedRedaction,
): Promise<Answer<{ marks: number; others: number }>> {
  return reviewing<{ marks: number; others: number }>(
    installation,
    person,
    id,
    async (tx, decision, request, at) => {
      const [original, review, collected] = await Promise.all([
        readText(tx, record),
        reviews.reviewsOf(tx, id, [record]),
        reviews.neighbours(tx, id, record),
      ])
      if (!original || !collected)
        return { problems: { form: 'This record is not in the collection. Somebody may have taken it out.' } }
      const before = review.get(record)
      if ((before?.revision ?? 0) !== wanted.revision)
        return {
          problems: {
            form: `${before?.byName ?? 'Somebody'} changed this review a moment ago. Nothing was changed; look at it again.`,
          },
        }
      const kept = (before?.marks ?? []).filter((_, n) => !wanted.takeBack?.includes(n))
      const add = wideningNumbers(original, wanted.add)
      const marks = withoutRepeats([...kept, ...add])
      const found = considerMarks(original, add, wanted.why, known(installation))
      if (found && marks.length > 0) return { problems: found }
      const new_ = { by: person.id, at, why: wanted.why.trim() }
      const content = (count: number, exemptions: string[]) => ({
        decision: 'redact',
        marks: count,
        exemptions,
        why: new_.why,
      })
      if (marks.length === 0) await reviews.deleteReviews(tx, id, [record])
      else
        await reviews.upsertReviews(
          tx,
          id,
          [record],
          { ...new_, decision: 'redact', exemptions: exemptionsOf(marks) },
          marks,
        )
      const others = wanted.everywhere ? await elsewhere(original, record) : []
      await recordReview(tx, {
        id,
        number: request.number,
        person,
        decision,
        content: content(marks.length, exemptionsOf(marks)),
        records: [record, ...others],
        at,
      })
      return { done: { marks: marks.length, others: others.length } }

      /** The same words in the other records, added to what is taken out of them already. */
      async function elsewhere(original: RecordText, record: RecordId): Promise<RecordId[]> {
        const added = add.filter((one): one is TextMark => one.kind === 'text')
        const changed = new Map<RecordId, Mark[]>()
        for (const { words, exemption } of removedWords(textsOf(original), added))
          for (const other of await reviews.collectedHolding(tx, id, [firstWord(words)])) {
            if (other.id === record) continue
            const more = marksFor(other, words, exemption)
            if (more.length > 0) changed.set(other.id, [...(changed.get(other.id) ?? []), ...more])
          }
        const earlier = await reviews.reviewsOf(tx, id, [...changed.keys()])
        const written: RecordId[] = []
        for (const [other, more] of changed) {
          const review = earlier.get(other)
          // What is withheld as a whole holds these words back already.
          if (review?.decision === 'withhold') continue
          const marks = withoutRepeats([...(review?.marks ?? []), ...more])
          if (marks.length === (review?.marks.length ?? 0)) continue
          const why = review?.why || new_.why
          await reviews.upsertReviews(
            tx,
            id,
            [other],
            { ...new_, why, decision: 'redact', exemptions: exemptionsOf(marks) },
            marks,
          )
          written.push(other)
        }
        return written
      }
    },
  )
}

/** A second person has looked at a redaction and finds it complete. */
export function confirmRedaction(
  installation: Installation,
  person: Person,
  id: RequestId,
  record: RecordId,
  revision: number,
): Promise<Answer<null>> {
  return reviewing<null>(
    installation,
    person,
    id,
    async (tx, decision, request, at) => {
      const review = (await reviews.reviewsOf(tx, id, [record])).get(record)
      if (review?.decision !== 'redact')
        return { problems: { form: 'Nothing is redacted in this record, so there is nothing to confirm.' } }
      if (review.revision !== revision)
        return {
          problems: { form: `${review.byName} changed this redaction a moment ago. Look at it again.` },
        }
      if (review.by === person.id)
        return {
          problems: { form: 'You redacted this record yourself. The second look is somebody else’s.' },
        }
      await reviews.confirmRow(tx, id, record, person.id, at)
      await recordReview(tx, {
        id,
        number: request.number,
        person,
        decision,
        content: { decision: 'confirm' },
        records: [record],
        at,
      })
      return { done: null }
    },
    'request.confirm',
  )
}

/** What stands against these marks, a sentence a field; null when nothing does. */
export function considerMarks(
  record: RecordText,
  marks: readonly Mark[],
  why: string,
  known: readonly string[],
): Record<string, string> | null {
  const stranger = exemptionsOf(marks).find((letter) => !known.includes(letter))
  if (stranger !== undefined) return { exemption: 'Choose the exemption that allows it.' }
  if (!why.trim())
    return { why: 'Say why the exemption applies. The requester reads it in the withheld log.' }
  const texts = textsOf(record)
  for (const mark of marks) {
    if (mark.kind === 'text') {
      const text = texts.get(mark.place)
      if (text === undefined || mark.end <= mark.start || mark.start >= text.length)
        return { words: 'These words are not in the record. Copy them from the text above.' }
    } else if (!record.blobs[mark.file]) return { form: 'This record has no such file.' }
    if (mark.kind === 'area' && (mark.width <= 0 || mark.height <= 0))
      return { width: 'The area is empty. Give it a width and a height.' }
    if ((mark.kind === 'area' || mark.kind === 'silence') && (mark.to ?? Infinity) <= (mark.from ?? 0))
      return { to: 'The time ends before it begins.' }
  }
  const words = removedWords(
    texts,
    marks.filter((one): one is TextMark => one.kind === 'text'),
  )
  if (words.some((one) => occurrences(why, one.words).length > 0))
    return {
      why: 'The reason repeats words that are taken out, and the requester reads it. Say it without them.',
    }
  return null
}

/** The marks that take `words` out of every text of a record. */
export const marksFor = (record: RecordText, words: string, exemption: string): TextMark[] =>
  [...textsOf(record)].flatMap(([place, text]) =>
    occurrences(text, words).map(({ start, end }) => ({
      kind: 'text' as const,
      place,
      start,
      end,
      exemption,
    })),
  )

/** Words that are taken out of one record and could still be read in others that go out. */
export interface Leak {
  words: string
  exemption: string
  records: RecordId[]
}

/** Looks through everything that goes out for words that are taken out elsewhere. */
export async function leaksIn(db: Db, request: RequestId): Promise<Leak[]> {
  const removed = new Map<string, string>()
  for (const { record, marks } of await reviews.redactedRecords(db, request))
    for (const { words, exemption } of removedWords(textsOf(record), textOnly(marks)))
      removed.set(words, exemption)
  const holding = await reviews.collectedHolding(db, request, [...removed.keys()].map(firstWord))
  const review = await reviews.reviewsOf(
    db,
    request,
    holding.map((one) => one.id),
  )
  const leaks = new Map<string, Leak>()
  for (const record of holding) {
    const { decision, marks = [] } = review.get(record.id) ?? {}
    if (decision !== 'release' && decision !== 'redact') continue
    const texts = textsOf(record)
    const passages = spread(texts, textOnly(marks))
    const left = [...texts].map(([place, text]) => blackOut(text, passages.get(place) ?? []))
    for (const [words, exemption] of removed) {
      if (!left.some((text) => occurrences(text, words).length > 0)) continue
      const leak = leaks.get(words) ?? { words, exemption, records: [] }
      leak.records.push(record.id)
      leaks.set(words, leak)
    }
  }
  return [...leaks.values()]
}

/** Whatever stands between the words of a passage, its first word stands in every text that holds it. */
const firstWord = (words: string) => words.split(' ')[0] ?? words

const textOnly = (marks: readonly Mark[]) => marks.filter((one): one is TextMark => one.kind === 'text')

const withoutRepeats = (marks: readonly Mark[]): Mark[] => [
  ...new Map(marks.map((mark) => [JSON.stringify(mark), mark])).values(),
]

const known = ({ policy }: Installation) => policy.exemptions.map((one) => one.letter)

async function readText(db: Db, id: RecordId): Promise<RecordText | null> {
  const record = await readRecord(db, id)
  return record ? (JSON.parse(record.json) as RecordText) : null
}
