import { append, type Entry } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  type Problems,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { ActionName, Allowed } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { newId } from '../storage/ids.ts'
import { filesInARun } from './limits.ts'
import { approvers, considerStep } from './rules.ts'
import * as store from './store.ts'

/** The queue that carries runs out. */
export const disposeQueue = 'retention.dispose'
export interface DisposeJob {
  run: store.DispositionId
}

/** Proposes to dispose of every file of a series whose period was over on `asOf` and which nothing keeps. */
export async function proposeDisposition(
  installation: Installation,
  person: Person,
  wanted: { series: string; asOf: string; note: string },
): Promise<Answer<store.DispositionId>> {
  const id = newId<'disposition'>()
  const at = installation.now()
  return installation.db.transaction().execute(async (tx) => {
    const decision = await consider(tx, installation, person, 'disposition.propose', {
      type: 'Disposition',
      id,
    })
    if (!decision.allowed) return { denied: decision }
    const series = await store.seriesById(tx, wanted.series)
    if (!series) return { problems: { series: 'Choose one of the series of the policy.' } }
    if (series.years === null)
      return { problems: { series: `“${series.title}” is kept permanently, so nothing of it is ever due.` } }
    if (wanted.asOf > (await store.today(tx)))
      return { problems: { asOf: 'Choose today or an earlier day: what is not due yet can’t be proposed.' } }
    const due = await store.dueFiles(tx, series, wanted.asOf, filesInARun)
    const hindrances = await store.hindrancesOf(tx, series.id, due)
    const files = due.filter((_, n) => hindrances[n] === null)
    if (files.length === 0)
      return problem(
        due.length === 0
          ? `Nothing of “${series.title}” was due on that day.`
          : `All ${due.length} files that were due are kept by something else, like a legal hold.`,
      )
    await store.insertRun(
      tx,
      {
        id,
        series: series.id,
        as_of: wanted.asOf,
        note: wanted.note,
        proposed_by: person.id,
        proposed_at: at,
      },
      files,
    )
    await append(tx, {
      kind: 'retention.proposal',
      subject: { kind: 'disposition', id },
      by: whoIs(person),
      decision,
      content: {
        series: termsOf(series),
        asOf: wanted.asOf,
        note: wanted.note,
        files: files.length,
        records: files.reduce((sum, file) => sum + file.records, 0),
        keptBack: due.length - files.length,
      },
      words: `${series.title}\n${wanted.note}`,
      at,
    })
    return { done: id }
  })
}

/** The terms of a series as they stood, for the records of a run. */
export const termsOf = ({ id, title, years, counts_from, counted, permission, basis }: store.Series) => ({
  id,
  title,
  years,
  from: counts_from,
  counted,
  permission,
  basis,
})

/** Takes a file off a run, so that it is kept. Its list only ever becomes shorter. */
export function exceptFile(
  installation: Installation,
  person: Person,
  id: store.DispositionId,
  subject: { kind: string; id: string },
  reason: string,
): Promise<Answer<store.DispositionId>> {
  return step(installation, person, id, 'except', async (tx, run, at) => {
    if (!reason.trim()) return { problems: { reason: 'Say why this file must be kept. It stays on record.' } }
    if (!(await store.isOnList(tx, id, subject))) return problem('This file is not on the list of the run.')
    if (!(await store.insertException(tx, id, subject, { reason, by: person.id, at })))
      return problem('This file is kept already.')
    return {
      record: {
        kind: 'retention.exception',
        content: { series: run.series.title, file: subject, reason },
        words: reason,
      },
    }
  })
}

/** Enters the permission of the Supervisor of Records. A later one replaces it. */
export function enterPermission(
  installation: Installation,
  person: Person,
  id: store.DispositionId,
  { number, grantedOn }: { number: string; grantedOn: string },
): Promise<Answer<store.DispositionId>> {
  return step(installation, person, id, 'permit', async (tx, _, at): Promise<Taken> => {
    if (!number.trim())
      return { problems: { number: 'Enter the number of the permission, as it stands on the form.' } }
    if (grantedOn > (await store.today(tx)))
      return { problems: { grantedOn: 'A permission can’t be from the future. Enter the day on the form.' } }
    await store.insertPermission(tx, {
      id: newId(),
      disposition: id,
      number,
      granted_on: grantedOn,
      by: person.id,
      at,
    })
    return { record: { kind: 'retention.permission', content: { number, grantedOn }, words: number } }
  })
}

/** Agrees to the list of a run. Two different people have to, neither of them its proposer. */
export function approveDisposition(installation: Installation, person: Person, id: store.DispositionId) {
  return step(installation, person, id, 'approve', async (tx, run, at) => {
    await store.insertApproval(tx, { disposition: id, person: person.id, at })
    const { files, records, excepted } = run.counts
    return {
      record: { kind: 'retention.approval', content: { files, records, excepted }, words: run.series.title },
    }
  })
}

/** Says no to a run, for good. */
export function refuseDisposition(
  installation: Installation,
  person: Person,
  id: store.DispositionId,
  reason: string,
) {
  return step(installation, person, id, 'refuse', async (tx, _, at) => {
    if (!reason.trim()) return { problems: { reason: 'Say why, so that it can be put right.' } }
    await store.insertRefusal(tx, { disposition: id, reason, by: person.id, at })
    return { record: { kind: 'retention.refusal', content: { reason }, words: reason } }
  })
}

/** Has an approved run carried out. */
export function orderDisposition(installation: Installation, person: Person, id: store.DispositionId) {
  return step(installation, person, id, 'order', async (tx, run, at) => {
    await store.insertOrder(tx, { disposition: id, by: person.id, at })
    await installation.jobs.enqueue(tx, disposeQueue, { run: id } satisfies DisposeJob, { key: id })
    const files = run.counts.files - run.counts.excepted
    const permission = run.permission?.number ?? null
    return { record: { kind: 'retention.order', content: { files, permission }, words: run.series.title } }
  })
}

/** Takes a run back, as long as the job has not begun. */
export function cancelDisposition(
  installation: Installation,
  person: Person,
  id: store.DispositionId,
  reason: string,
) {
  return step(installation, person, id, 'cancel', async (tx, _, at) => {
    if (!reason.trim()) return { problems: { reason: 'Say why. It stays on record.' } }
    await store.insertCancellation(tx, { disposition: id, reason, by: person.id, at })
    return { record: { kind: 'retention.cancellation', content: { reason }, words: reason } }
  })
}

/** The record of a step that was taken, or what stands against it. */
type Taken = { record: Pick<Entry, 'kind' | 'content' | 'words'> } | { problems: Problems }

/** One step of a run: alone at it, allowed by the policy, in its turn, and recorded. */
function step(
  installation: Installation,
  person: Person,
  id: store.DispositionId,
  name: Parameters<typeof considerStep>[0],
  take: (tx: Tx, run: store.Run, at: Date) => Promise<Taken>,
): Promise<Answer<store.DispositionId>> {
  return installation.db.transaction().execute(async (tx) => {
    const run = await store.lockRun(tx, id)
    if (!run) return problem('There is no such run.')
    const action = `disposition.${name}` as const satisfies ActionName
    const decision = await consider(tx, installation, person, action, asWhat(run))
    if (!decision.allowed) return { denied: decision }
    const hindrance = considerStep(name, run.state)
    if (hindrance) return problem(hindrance)
    const at = installation.now()
    const taken = await take(tx, run, at)
    if ('problems' in taken) return taken
    await append(tx, {
      ...taken.record,
      subject: { kind: 'disposition', id },
      by: whoIs(person),
      decision: decision satisfies Allowed,
      at,
    })
    return { done: id }
  })
}

/** A run as the policy's rules see it. */
export const asWhat = (run: store.Run) => ({
  type: 'Disposition',
  id: run.id,
  proposedBy: run.proposedBy as string,
  approverIds: approvers(run),
  approvals: approvers(run).length,
  permissionMissing: run.series.permission && run.permission === null,
})
