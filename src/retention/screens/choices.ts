import { kinds } from '../../archive/archive.ts'
import { allPages } from '../../pages/pages.ts'
import type { Db } from '../../storage/database.ts'
import { everybody } from '../store.ts'

/** The pages, people and kinds of records that a hold can name. */
export type Choices = Awaited<ReturnType<typeof choices>>
export async function choices(db: Db) {
  const [pages, people] = await Promise.all([allPages(db), everybody(db)])
  return {
    pages: pages.map(({ id, title }) => ({ value: id as string, label: title })),
    people: people.map(({ id, name }) => ({ value: id as string, label: name })),
    kinds: kinds.map(({ kind, title }) => ({ value: kind, label: title })),
  }
}
