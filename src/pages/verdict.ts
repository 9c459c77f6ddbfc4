import { append } from '../archive/archive.ts'
import { type Answer, consider, type Person, problem, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Tx } from '../storage/database.ts'
import { newId, type PageId } from '../storage/ids.ts'
import { asWhat } from './registration.ts'
import { lockPage, type Page } from './store.ts'

/**
 * Approves the revision that the approver saw (policy IV.A.2.i), and has the profile written.
 * Of two who decide at once the first wins; the other is told who it was.
 */
export async function approvePage(
  installation: Installation,
  person: Person,
  id: PageId,
  { revision, reasons }: { revision: number; reasons: string },
): Promise<Answer<PageId>> {
  return installation.db.transaction().execute(async (tx) => {
    const page = await lockPage(tx, id)
    const overtaken = await overtakenBy(tx, page, revision)
    if (!page || overtaken) return problem(overtaken ?? 'This page is not registered.')
    const decision = await consider(tx, installation, person, 'page.approve', asWhat(page), id)
    if (!decision.allowed) return { denied: decision }

    const at = installation.now()
    await tx
      .insertInto('page_approval')
      .values({ id: newId(), page: id, revision, author: person.id, at, reasons })
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'page.approval',
      subject: { kind: 'page', id },
      page: id,
      by: whoIs(person),
      decision,
      content: { revision, reasons, disclosures: page.disclosures, leftOut: page.leftOut },
      words: reasons,
    })
    const introduction = newId()
    await tx
      .insertInto('page_introduction')
      .values({ id: introduction, page: id, revision, ordered_at: at })
      .execute()
    await installation.jobs.enqueue(tx, 'page.introduce', { introduction }, { key: introduction })
    return { done: id }
  })
}

/** Refuses the revision that the approver saw, with reasons the registrant can act on. */
export async function refusePage(
  installation: Installation,
  person: Person,
  id: PageId,
  { revision, reasons }: { revision: number; reasons: string },
): Promise<Answer<PageId>> {
  if (!reasons.trim()) return { problems: { reasons: 'Say why, so that it can be put right.' } }
  return installation.db.transaction().execute(async (tx) => {
    const page = await lockPage(tx, id)
    const overtaken = await overtakenBy(tx, page, revision)
    if (!page || overtaken) return problem(overtaken ?? 'This page is not registered.')
    const decision = await consider(tx, installation, person, 'page.refuse', asWhat(page), id)
    if (!decision.allowed) return { denied: decision }

    await tx
      .insertInto('page_refusal')
      .values({ id: newId(), page: id, revision, author: person.id, at: installation.now(), reasons })
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'page.refusal',
      subject: { kind: 'page', id },
      page: id,
      by: whoIs(person),
      decision,
      content: { revision, reasons },
      words: reasons,
    })
    return { done: id }
  })
}

/** Why this revision can no longer be decided on, in words for the one who tried. */
async function overtakenBy(tx: Tx, page: Page | null, revision: number): Promise<string | null> {
  if (!page) return 'This page is not registered.'
  if (page.revision !== revision)
    return 'The page was changed since you opened it. Look at it again before you decide.'
  if (page.state === 'waiting') return null
  const table = page.state === 'approved' ? 'page_approval' : 'page_refusal'
  const verdict = await tx
    .selectFrom(table)
    .innerJoin('person', 'person.id', 'author')
    .select('person.name')
    .where('page', '=', page.id)
    .where('revision', '=', revision)
    .executeTakeFirstOrThrow()
  return `${verdict.name} ${page.state} this page a moment ago. Nothing is left to decide.`
}
