import { actorName, kindTitle, type RecordText, recordPlace, type Statement } from '../../archive/archive.ts'
import type { Installation } from '../../installation.ts'
import { allPages } from '../../pages/pages.ts'
import type { RecordId } from '../../storage/ids.ts'
import { renditionsOf } from '../render.ts'
import { recordTexts } from '../review-store.ts'
import type { ProductionId } from '../store.ts'
import type { Facts, ReleasedRecord } from './format.ts'

/**
 * Everything that a production tells of, in its order. A redacted record is its rendition, and nothing of the original;
 * a withheld one is only what its statement says. Where a record was lawfully disposed of there is nothing to give.
 */
export async function* releasedRecords(
  { db, platforms }: Pick<Installation, 'db' | 'platforms'>,
  production: ProductionId,
): AsyncGenerator<ReleasedRecord> {
  const titles = new Map(platforms.all().map(({ kind, title }) => [kind, title]))
  const pages = new Map(
    (await allPages(db)).map((page) => {
      const { id, title, address, platform } = page
      return [id as string, { title, address, platform: titles.get(platform) ?? platform }]
    }),
  )
  let nth = -1
  for await (const items of renditionsOf(db, production)) {
    // The originals of redacted and withheld records are not even asked for.
    const texts = await recordTexts(
      db,
      items.flatMap((item) =>
        item.form === 'whole' ? item.record : item.form === 'withheld' ? item.statement : [],
      ),
    )
    for (const item of items) {
      nth += 1
      const json = item.form === 'redacted' ? item.json : (texts.get(asked(item)) ?? null)
      if (json === null) continue
      if (item.form === 'withheld') {
        const statement = JSON.parse(json).content as Statement
        const { kind, at } = statement.original
        yield { form: 'withheld', record: { id: item.record, kind, at }, statement }
        continue
      }
      const record = JSON.parse(json)
      const exemptions: string[] = item.form === 'redacted' ? record.redacted.exemptions : []
      const facts = factsOf(record, pages.get(record.page))
      yield { form: item.form, record, json, exemptions, place: recordPlace(nth, item.record), facts }
    }
  }
}

const asked = (item: { form: 'whole'; record: RecordId } | { form: 'withheld'; statement: RecordId }) =>
  item.form === 'whole' ? item.record : item.statement

function factsOf(
  record: RecordText,
  page: { title: string; address: string; platform: string } | undefined,
): Facts {
  const { content, by } = record
  return {
    title: kindTitle(record.kind),
    author: authorIn(content.author) || actorName(by),
    platform: page?.platform ?? '',
    page: page?.title ?? '',
    url: text(content.url) || page?.address || '',
    postedAt: text(content.postedAt) || (record.kind === 'post.publication' ? record.at : ''),
  }
}

/** Who wrote something, however the record says it: a name, or what the platform tells of an account. */
function authorIn(author: unknown): string {
  if (typeof author !== 'object' || author === null) return text(author)
  const { displayName, name, handle } = author as Record<string, unknown>
  const called = text(displayName) || text(name)
  return called && text(handle) ? `${called} (${text(handle)})` : called || text(handle)
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
