import { append } from '../archive/archive.ts'
import { type Answer, problem, recordRefusal } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { Decision, Who } from '../policy/policy.ts'
import { type ImportId, newId, type PageId } from '../storage/ids.ts'
import { endImport, importById, insertImport, isOpen, lockImport } from './store.ts'
import { deleteUpload } from './upload-store.ts'
import { removeFiles } from './workplace.ts'

/** The queue that works on imports. */
export const importQueue = 'import.run'
export interface ImportJob {
  import: ImportId
}

type Here = Pick<Installation, 'db' | 'policy' | 'now'>

/** What somebody brought: where it lies on this machine, and what is known of it. */
export interface Brought {
  id: ImportId
  page: PageId
  fileName: string
  place: string
  uploaded: boolean
  bytes: number
  /** Of an upload it is known already; of another file the job finds it out. */
  sha256: string | null
}

/** Whether `who` may import to a page. Asked before a file is taken, which may be large. */
export async function mayImport(here: Here, who: Who, page: PageId | null): Promise<Decision> {
  const registered = page !== null && (await pageById(here.db, page)) !== null
  const what = { type: 'Import', id: page ?? 'any', pageRegistered: registered }
  const decision = here.policy.decide(who, 'import.start', what)
  if (!decision.allowed)
    await here.db
      .transaction()
      .execute((tx) =>
        recordRefusal(tx, who, decision, what, { at: here.now(), page: registered ? page : undefined }),
      )
  return decision
}

/** Puts an import on the list. The sweeper, or the job enqueued here, does the rest. */
export async function startImport(
  here: Here & Partial<Pick<Installation, 'jobs'>>,
  who: Who,
  brought: Brought,
): Promise<Answer<ImportId>> {
  const decision = await mayImport(here, who, brought.page)
  if (!decision.allowed) return { denied: decision }
  const at = here.now()
  return here.db.transaction().execute(async (tx) => {
    await insertImport(tx, { ...brought, by: who, decision, at })
    // Of one that came in pieces; it is an import now.
    await deleteUpload(tx, brought.id)
    await append(tx, {
      kind: 'import.start',
      subject: { kind: 'import', id: brought.id },
      page: brought.page,
      by: who,
      decision,
      content: { file: brought.fileName, bytes: brought.bytes, sha256: brought.sha256 },
      words: brought.fileName,
      at,
    })
    await here.jobs?.enqueue(tx, importQueue, { import: brought.id } satisfies ImportJob, { key: brought.id })
    return { done: brought.id }
  })
}

export const newImportId = () => newId<'import'>()

/** Stops an import. What it made before stays: records are never taken back. */
export async function cancelImport(
  installation: Installation,
  who: Who,
  id: ImportId,
): Promise<Answer<ImportId>> {
  const { db, policy } = installation
  const at = installation.now()
  const answer = await db.transaction().execute(async (tx): Promise<Answer<ImportId>> => {
    const found = await lockImport(tx, id)
    if (!found) return problem('There is no such import.')
    const what = { type: 'Import', id }
    const decision = policy.decide(who, 'import.cancel', what)
    if (!decision.allowed) {
      await recordRefusal(tx, who, decision, what, { at, page: found.page })
      return { denied: decision }
    }
    if (!isOpen(found)) return problem('This import has ended already, so there is nothing to cancel.')
    await endImport(tx, id, { cancelled_at: at })
    await append(tx, {
      kind: 'import.cancellation',
      subject: { kind: 'import', id },
      page: found.page,
      by: who,
      decision,
      content: { file: found.fileName, sha256: found.sha256, tally: found.tally },
      words: found.fileName,
      at,
    })
    return { done: id }
  })
  if ('done' in answer) {
    const found = await importById(db, id)
    if (found) await removeFiles(installation, found)
  }
  return answer
}
