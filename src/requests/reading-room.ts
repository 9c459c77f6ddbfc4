import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import { type Id, newId, type PersonId } from '../storage/ids.ts'
import { changing, recordChange } from './response.ts'
import * as store from './store.ts'

type PublicationId = Id<'production-publication'>

interface PublicationTable {
  id: PublicationId
  production_id: store.ProductionId
  title: string
  summary: string
  by: PersonId
  at: Date
  withdrawn_by: PersonId | null
  withdrawn_at: Date | null
}

declare module '../storage/database.ts' {
  interface Tables {
    production_publication: PublicationTable
  }
}

/** Puts a released production into the public reading room. Who asked for it is not shown there. */
export async function publishProduction(
  installation: Installation,
  person: Person,
  id: store.ProductionId,
  { title, summary }: { title: string; summary: string },
): Promise<Answer<null>> {
  const production = await store.productionById(installation.db, id)
  if (!production) return { problems: { form: 'This production does not exist.' } }
  if (!title.trim()) return { problems: { title: 'Give it a title that says what is in it.' } }
  return changing(
    installation,
    person,
    production.request,
    'request.publish',
    async (change): Promise<Answer<null>> => {
      const { tx, at } = change
      const now = await store.lockProduction(tx, id)
      if (!now?.releasedAt)
        return {
          problems: {
            form: 'Only what the requester can take stands in the reading room. Release it first.',
          },
        }
      if (await publicationOf(tx, id))
        return { problems: { form: 'This production stands in the reading room already.' } }
      const publication = newId<'production-publication'>()
      await tx
        .insertInto('production_publication')
        .values({
          id: publication,
          production_id: id,
          title: title.trim(),
          summary: summary.trim(),
          by: person.id,
          at,
          withdrawn_by: null,
          withdrawn_at: null,
        })
        .execute()
      await recordChange(change, 'request.publication', { production: id, title, summary }, title)
      return { done: null }
    },
    { closedToo: true },
  )
}

/** Takes a production out of the reading room. The requester keeps it. */
export async function withdrawProduction(
  installation: Installation,
  person: Person,
  id: store.ProductionId,
): Promise<Answer<null>> {
  const production = await store.productionById(installation.db, id)
  if (!production) return { problems: { form: 'This production does not exist.' } }
  return changing(
    installation,
    person,
    production.request,
    'request.publish',
    async (change): Promise<Answer<null>> => {
      const { numUpdatedRows } = await change.tx
        .updateTable('production_publication')
        .set({ withdrawn_by: person.id, withdrawn_at: change.at })
        .where('production_id', '=', id)
        .where('withdrawn_at', 'is', null)
        .executeTakeFirstOrThrow()
      if (numUpdatedRows === 0n)
        return { problems: { form: 'This production does not stand in the reading room.' } }
      await recordChange(change, 'request.withdrawal', { production: id })
      return { done: null }
    },
    { closedToo: true },
  )
}

export async function publicationOf(db: Db, production: store.ProductionId) {
  const row = await db
    .selectFrom('production_publication')
    .select(['title', 'summary', 'at'])
    .where('production_id', '=', production)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

export const roomPage = 20

/** What stands in the reading room, the newest first. */
export async function readingRoom(db: Db, { words, page }: { words: string; page: number }) {
  let shown = db
    .selectFrom('production_publication as u')
    .innerJoin('production', 'production.id', 'u.production_id')
    .innerJoin('production_bag as bag', 'bag.production_id', 'production.id')
    .where('u.withdrawn_at', 'is', null)
  if (words) {
    const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
    shown = shown.where((e) => e.or([e('u.title', 'ilike', pattern), e('u.summary', 'ilike', pattern)]))
  }
  const { total } = await shown.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const rows = await shown
    .select([
      'production.id',
      'u.title',
      'u.summary',
      'u.at',
      'production.records',
      store.withheldWhole.as('withheld'),
      'bag.bytes',
      'bag.sha256',
    ])
    .orderBy('u.at', 'desc')
    .limit(roomPage)
    .offset((page - 1) * roomPage)
    .execute()
  return { rows, total }
}
