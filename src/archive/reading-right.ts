import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import type { Decision, Policy, Who } from '../policy/policy.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { RecordId } from '../storage/ids.ts'

declare module '../storage/database.ts' {
  interface Tables {
    /** Filled by what passes things on: a view over its tables. */
    record_passed_on: { record: RecordId; kind: string; escalation: string; receivers: string[] }
  }
}

/** Whether somebody may read this record: by their office, or because what it is about was passed on to them. */
export async function mayRead(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  by: Who,
  id: RecordId | null,
): Promise<Decision> {
  const byOffice = policy.decide(by, 'record.read', { type: 'Record', id: id ?? 'none' })
  if (byOffice.allowed || !id) return byOffice
  return readingOf(policy, by, id, await receiversOf(db, [id]))
}

/** Those of the records that somebody may read, in their order. */
export async function readable<Line extends { id: RecordId }>(
  here: Pick<Installation, 'db' | 'policy'>,
  by: Who,
  lines: readonly Line[],
): Promise<Line[]> {
  if (here.policy.decide(by, 'record.read', { type: 'Record', id: 'any' }).allowed) return [...lines]
  const receivers = await receiversOf(
    here.db,
    lines.map(({ id }) => id),
  )
  return lines.filter(({ id }) => readingOf(here.policy, by, id, receivers).allowed)
}

const readingOf = (policy: Policy, by: Who, id: RecordId, receivers: ReadonlyMap<RecordId, string[]>) =>
  policy.decide(by, 'record.read', { type: 'Record', id, passedOnTo: receivers.get(id) ?? [] })

/** To whom what each of these records is about was passed on. */
async function receiversOf(db: Db, ids: readonly RecordId[]): Promise<Map<RecordId, string[]>> {
  const { rows } = await sql<{ record: RecordId; receivers: string[] }>`
    select record, array_agg(distinct receiver) as receivers
    from record_passed_on, unnest(receivers) receiver
    where record = any(${uuids(ids)}::uuid[]) group by record`.execute(db)
  return new Map(rows.map(({ record, receivers }) => [record, receivers]))
}
