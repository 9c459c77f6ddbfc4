import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  problem,
  type TodayItem,
  timeZoneHere,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { BlockReason, Decision, What } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import { type CommentId, newId, type PageId, parseId } from '../storage/ids.ts'
import * as store from './block-store.ts'
import { noticesOf, orderCall, reasonTitle } from './notice.ts'
import { commentById } from './store.ts'

const dayMs = 86_400_000

export interface Proposal {
  reason: string
  days: number
  /** Why hiding comments one by one does not do. */
  narrower: string
}

/** Proposes to block the author of a comment on its page. It takes effect when a second person agrees. */
export function proposeBlock(
  installation: Installation,
  person: Person,
  id: CommentId,
  proposal: Proposal,
): Promise<Answer<string>> {
  const { db, platforms } = installation
  return db.transaction().execute<Answer<string>>(async (tx) => {
    const comment = await commentById(tx, id)
    const page = comment && (await pageById(tx, comment.page))
    if (!comment || !page) return problem('There is no such comment.')
    if (comment.official) return problem('The department wrote this itself.')
    const platform = platforms.get(page.platform)
    if (!platform.capabilities.blocks && platform.capabilities.comments !== 'received')
      return problem(
        `${platform.title} lets no page block somebody. Hide their comments where the policy lets you.`,
      )
    await store.lockAuthor(tx, page.id, comment.author_remote_id)
    const open = await store.openProposal(tx, page.id, comment.author_remote_id)
    if (open) return problem(`${open.byName} proposed to block this author already. Answer that proposal.`)
    const at = installation.now()
    if (await store.blockOn(tx, page.id, comment.author_remote_id, at))
      return problem('This author is blocked already.')

    const reason = reasonOf(installation, proposal.reason)
    const grounds = await groundsFor(tx, installation, page.id, comment.author_remote_id, reason)
    const block = newId()
    const wanted = whatOf(block, { ...proposal, removals: grounds.length, needed: reason?.removals })
    const decision = await consider(tx, installation, person, 'block.propose', wanted, page.id)
    if (!decision.allowed) return { denied: decision }
    if (!proposal.narrower.trim())
      return { problems: { narrower: 'Say why hiding single comments is not enough. It is on record.' } }

    await store.insertBlock(
      tx,
      {
        id: block,
        page: page.id,
        comment: id,
        author_remote_id: comment.author_remote_id,
        reason: proposal.reason,
        clause: reason?.clause ?? '',
        days: proposal.days,
        narrower: proposal.narrower.trim(),
        client_id: platform.newClientId?.() ?? block,
        by: person.id,
        at,
      },
      grounds.map(({ id }) => id),
    )
    await record(
      tx,
      'comment.block-proposal',
      { id: block, comment: id, page: page.id },
      person,
      decision,
      at,
      {
        author: comment.author_name,
        reason: proposal.reason,
        days: proposal.days,
        narrower: proposal.narrower.trim(),
        grounds: grounds.map(({ id }) => id),
      },
    )
    return { done: block }
  })
}

/** Agrees as the second person: the author is blocked from now on, until the last day, and hears why. */
export function agreeToBlock(
  installation: Installation,
  person: Person,
  id: string,
): Promise<Answer<string>> {
  return answering(installation, id, async (tx, block) => {
    await store.lockAuthor(tx, block.page, block.authorRemoteId)
    const at = installation.now()
    const reason = reasonOf(installation, block.reason)
    // What was taken back since the proposal is no ground any more.
    const grounds = await groundsFor(tx, installation, block.page, block.authorRemoteId, reason)
    const wanted = whatOf(id, {
      ...block,
      proposedBy: block.by,
      removals: grounds.length,
      needed: reason?.removals,
    })
    const decision = await consider(tx, installation, person, 'block.agree', wanted, block.page)
    if (!decision.allowed) return { denied: decision }
    const endsAt = new Date(at.getTime() + block.days * dayMs)
    await store.insertAgreement(tx, { block: id, by: person.id, at, ends_at: endsAt })
    const page = await pageById(tx, block.page)
    if (!page) throw new Error(`Block ${id} has lost its page.`)
    const notice = await noticesOf(tx, installation, 'block', [{ id, comment: block.comment, at }], page)
    await record(tx, 'comment.block', block, person, decision, at, {
      author: block.author,
      reason: block.reason,
      clause: block.clause,
      proposedBy: block.byName,
      endsAt: endsAt.toISOString(),
      grounds: grounds.map(({ id }) => id),
      notice,
    })
    await orderEffect(tx, installation, block, 'block', at)
    return { done: id }
  })
}

/** Does not agree, or takes one's own proposal back. */
export function refuseBlock(
  installation: Installation,
  person: Person,
  id: string,
  note: string,
): Promise<Answer<string>> {
  return answering(installation, id, async (tx, block) => {
    const decision = await consider(tx, installation, person, 'block.refuse', whatOf(id, {}), block.page)
    if (!decision.allowed) return { denied: decision }
    const at = installation.now()
    await store.insertRefusal(tx, { block: id, note: note.trim(), by: person.id, at })
    await record(tx, 'comment.block-refusal', block, person, decision, at, { note: note.trim() })
    return { done: id }
  })
}

/** Ends a block before its day. */
export function endBlock(
  installation: Installation,
  person: Person,
  id: string,
  note: string,
): Promise<Answer<string>> {
  return installation.db.transaction().execute<Answer<string>>(async (tx) => {
    const block = parseId(id) && (await store.lockBlock(tx, id))
    if (!block?.agreement) return problem('There is no such block.')
    if (block.end) return problem('This block has ended already.')
    const decision = await consider(tx, installation, person, 'block.end', whatOf(id, {}), block.page)
    if (!decision.allowed) return { denied: decision }
    await closeBlock(tx, installation, block, {
      cause: 'lifted',
      by: person,
      note: note.trim(),
      at: installation.now(),
    })
    return { done: id }
  })
}

/** Ends the blocks whose day has come, each once, whichever process gets there first. */
export async function endBlocksDue(installation: Installation): Promise<void> {
  const { db, now } = installation
  for (const { id } of await store.blocksDue(db, now(), 100))
    await db.transaction().execute(async (tx) => {
      const block = await store.lockBlock(tx, id)
      if (!block || block.end) return
      await closeBlock(tx, installation, block, { cause: 'date', by: null, note: '', at: now() })
    })
}

/** Ends a locked block, in the caller's transaction: the row, its record, and the platform's share. */
export async function closeBlock(
  tx: Tx,
  installation: Installation,
  block: store.Block,
  { cause, by, note, at }: { cause: 'date' | 'lifted' | 'appeal'; by: Person | null; note: string; at: Date },
): Promise<void> {
  await store.insertEnd(tx, { block: block.id, cause, note, by: by?.id ?? null, at })
  const who = by ? whoIs(by) : ({ kind: 'system' } as const)
  const decision = installation.policy.decide(who, 'block.end', whatOf(block.id, {}))
  await record(tx, 'comment.block-end', block, by, decision, at, { cause, note })
  await orderEffect(tx, installation, block, 'unblock', at)
}

/** The removals of an author that stand and that a reason counts. */
export function groundsFor(
  db: Tx | Installation['db'],
  { now }: Pick<Installation, 'now'>,
  page: PageId,
  author: string,
  reason: Pick<BlockReason, 'withinDays'> | undefined,
) {
  const since = new Date(now().getTime() - (reason?.withinDays ?? 0) * dayMs)
  return store.standingRemovals(db, page, author, since)
}

/** Proposals that wait for this person's agreement. */
export async function blocksFor(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  person: Person,
): Promise<TodayItem[]> {
  if (!policy.decide(whoIs(person), 'block.refuse', whatOf('any', {})).allowed) return []
  const { blocks } = await store.listBlocks(db, { state: 'proposed' })
  return blocks
    .filter(({ by }) => by !== person.id)
    .map((one) => ({
      kind: 'comment.block',
      title: `Proposal to block ${one.author}`,
      detail: `${one.byName} asks a second person: ${reasonTitle(policy, one.reason)}, on “${one.pageTitle}”.`,
      href: `/console/blocks/${one.id}`,
      at: one.at,
    }))
}

/** What a visitor is told whose comments are not taken, or null. `author` is how the page tells its visitors apart. */
export async function whyNotTaken(
  tx: Tx,
  { policy, now }: Pick<Installation, 'policy' | 'now'>,
  page: PageId,
  author: string,
): Promise<{ because: string; block: string; codeSealed: string | null } | null> {
  const block = await store.blockOn(tx, page, author, now())
  if (!block) return null
  const day = block.endsAt.toLocaleDateString('en-US', {
    dateStyle: 'long',
    timeZone: await timeZoneHere(tx),
  })
  return {
    because: `Comments from this browser are not taken here until ${day}. Reason: ${reasonTitle(policy, block.reason)} (policy ${block.clause}). You can read everything, and you can appeal.`,
    block: block.id,
    codeSealed: block.codeSealed,
  }
}

const reasonOf = ({ policy }: Pick<Installation, 'policy'>, id: string) =>
  policy.appeals.blocks.reasons.find((reason) => reason.id === id)

interface Asked {
  reason?: string
  days?: number
  removals?: number
  needed?: number | undefined
  proposedBy?: string
}
const whatOf = (id: string, { reason, days, removals, needed, proposedBy }: Asked): What => ({
  type: 'Block',
  id,
  reason,
  days,
  removals,
  needed,
  proposedBy,
})

/** Locks a proposal that nobody has answered. */
function answering(
  { db }: Installation,
  id: string,
  answer: (tx: Tx, block: store.Block) => Promise<Answer<string>>,
): Promise<Answer<string>> {
  return db.transaction().execute<Answer<string>>(async (tx) => {
    const block = parseId(id) && (await store.lockBlock(tx, id))
    if (!block) return problem('There is no such proposal.')
    if (block.agreement) return problem(`${block.agreement.byName} agreed to this a moment ago.`)
    if (block.refusal) return problem(`${block.refusal.byName} did not agree to this.`)
    return answer(tx, block)
  })
}

/** The department's own page looks into its own tables; another platform has to be told. */
async function orderEffect(
  tx: Tx,
  installation: Installation,
  block: Pick<store.Block, 'id' | 'comment' | 'page'>,
  effect: 'block' | 'unblock',
  at: Date,
): Promise<void> {
  const page = await pageById(tx, block.page)
  if (!page || !installation.platforms.get(page.platform).capabilities.blocks) return
  await orderCall(
    tx,
    installation,
    { effect, notice: null, block: block.id, comment: block.comment, intent_at: at, retry_at: null },
    at,
  )
}

const record = (
  tx: Tx,
  kind: string,
  block: { id: string; comment: CommentId; page: PageId },
  by: Person | null,
  decision: Decision,
  at: Date,
  content: Record<string, unknown>,
) =>
  append(tx, {
    kind,
    subject: { kind: 'comment', id: block.comment },
    page: block.page,
    by: by ? whoIs(by) : { kind: 'system' },
    decision,
    content: { block: block.id, ...content },
    words: [content.narrower, content.note].filter(Boolean).join(' '),
    at,
  })
