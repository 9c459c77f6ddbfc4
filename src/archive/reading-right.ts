import type { Installation } from '../installation.ts'
import type { Decision, Who } from '../policy/policy.ts'
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
  const passedOn = await db
    .selectFrom('record_passed_on')
    .select('receivers')
    .where('record', '=', id)
    .execute()
  const passedOnTo = [...new Set(passedOn.flatMap(({ receivers }) => receivers))]
  return policy.decide(by, 'record.read', { type: 'Record', id, passedOnTo })
}

/** Those of the records that somebody may read, in their order. */
export async function readable<Line extends { id: RecordId }>(
  here: Pick<Installation, 'db' | 'policy'>,
  by: Who,
  lines: readonly Line[],
): Promise<Line[]> {
  if (here.policy.decide(by, 'record.read', { type: 'Record', id: 'any' }).allowed) return [...lines]
  const answers = await Promise.all(lines.map(({ id }) => mayRead(here, by, id)))
  return lines.filter((_, n) => answers[n]?.allowed)
}
