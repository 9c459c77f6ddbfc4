import { Temporal } from 'temporal-polyfill'
import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  type Person,
  people,
  problem,
  recordRefusal,
  type TodayItem,
  timeZoneHere,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { What, Who } from '../policy/policy.ts'
import { localDay, newCode, officeCalendar, readCode, todayHere } from '../requests/requests.ts'
import type { Tx } from '../storage/database.ts'
import { newId, type PersonId, parseId } from '../storage/ids.ts'
import * as store from './appeal-store.ts'
import { closeBlock } from './block.ts'
import { blockById, isInForce, lockBlock } from './block-store.ts'
import { longestAppeal } from './limits.ts'
import { showAgain } from './moderation.ts'
import { digestOf, noticeOfAnswer, sealedCode } from './notice.ts'
import { type Comment, commentById, countUse, lockComment } from './store.ts'

const perHour = 10

/** What a code opens: the removal or block, and the appeal against it as far as there is one. */
export interface AppealCase {
  contested: store.Contested
  appeal: store.Appeal | null
  /** The last day for an appeal; null when the code is that of an appeal. */
  until: string | null
  inTime: boolean
  /** Whether it is still in force: the comment hidden by this removal, the author blocked. */
  stands: boolean
  /** The comment's own words, for whoever holds the notice's code; a web address and a name don't show who asks. */
  words: string | null
}

/** The case that a typed code belongs to, or null. */
export async function caseByCode(installation: Installation, typed: string): Promise<AppealCase | null> {
  const { db } = installation
  const code = readCode(typed)
  const found = code && (await store.foundByCode(db, digestOf(installation, code)))
  const contested = found && (await store.contested(db, found))
  if (!contested) return null
  const [appeal, stands, comment, today] = await Promise.all([
    store.appealAgainst(db, contested),
    inForce(installation, contested),
    commentById(db, contested.comment),
    todayHere(installation),
  ])
  return {
    contested,
    appeal,
    until: found.until,
    inTime: found.until !== null && today <= found.until,
    stands,
    words:
      found.byNotice && contested.kind === 'removal' && !comment?.deleted_at ? (comment?.text ?? null) : null,
  }
}

async function inForce({ db, now }: Installation, { kind, id, comment }: store.Contested): Promise<boolean> {
  return kind === 'removal'
    ? (await store.standingRemoval(db, comment))?.id === id
    : isInForce(await blockById(db, id), now())
}

/** Takes an author's appeal with the code of the notice. It goes to somebody else, with a day by which it is decided. */
export async function fileAppeal(
  installation: Installation,
  typed: { code: string; text: string },
  clientAddress: string,
): Promise<Answer<string>> {
  const code = readCode(typed.code)
  const found = code && (await caseByCode(installation, code))
  if (!code || !found) return problem('Nothing has this code. Check it against the notice.')
  if (!found.appeal && !found.stands) return problem('It was taken back already. Nothing is left to appeal.')
  const wrong = textProblem(typed.text) ?? (await tooMany(installation, clientAddress))
  if (wrong) return { problems: wrong }
  return file(installation, found.contested, { by: 'code', text: typed.text, code, inTime: found.inTime })
}

/**
 * Takes an appeal by the comment's web address and its author's name there, where no notice with a code could be sent.
 * Answers with the code under which the appeal is followed.
 */
export async function fileAppealByAddress(
  installation: Installation,
  typed: { address: string; handle: string; text: string },
  clientAddress: string,
): Promise<Answer<string>> {
  const wrong = textProblem(typed.text) ?? (await tooMany(installation, clientAddress))
  if (wrong) return { problems: wrong }
  const removal = await removalAt(installation, typed)
  // One sentence for all of it: nobody learns here who wrote what, or what is hidden.
  if (!removal)
    return {
      problems: {
        address:
          'We find no removed comment with this address and name. Copy the address of the comment itself, and write your name as it stood beside it.',
      },
    }
  if (removal.way === 'platform' && !removal.refusedAt)
    return {
      problems: {
        address:
          'The author of this comment was sent a code, in a private message there. Appeal with that code, so that nobody else appeals in your place.',
      },
    }
  const today = await todayHere(installation)
  return file(installation, removal, {
    by: 'address',
    text: typed.text,
    code: newCode(),
    inTime: removal.until !== null && today <= removal.until,
  })
}

/** Who may decide on an appeal: those the policy lets, without whoever had a part in the decision. */
export async function whoMayDecide(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  without: readonly PersonId[],
): Promise<{ people: Person[]; moderatorsLeft: boolean }> {
  const what: What = { type: 'Appeal', id: 'any', partIn: [...without] }
  const able = (await people(db, now())).filter(
    (person) => policy.decide(whoIs(person), 'appeal.decide', what).allowed,
  )
  // The chief executive and designees can always decide; a department with one moderator has nobody else.
  const moderatorsLeft = able.some((person) => !person.designee && !person.roles.includes('chief-executive'))
  return { people: able, moderatorsLeft }
}

/** Decides on an appeal: the removal stands, with reasons, or the comment is shown again, here and on its platform. */
export function decideAppeal(
  installation: Installation,
  person: Person,
  id: string,
  { outcome, reasons }: { outcome: store.Outcome; reasons: string },
): Promise<Answer<store.Outcome>> {
  const { db } = installation
  return db.transaction().execute<Answer<store.Outcome>>(async (tx) => {
    const locked = parseId(id) && (await store.lockAppeal(tx, id))
    const appeal = locked && (await store.appealById(tx, id))
    const contested = appeal && (await store.contested(tx, appeal))
    if (!appeal || !contested) return problem('There is no such appeal.')
    if (appeal.decision)
      return problem(
        `${appeal.decision.byName} decided on this appeal a moment ago: ${appeal.decision.outcome === 'upheld' ? 'it stands' : 'it is taken back'}. The first decision counts.`,
      )
    const decision = await consider(tx, installation, person, 'appeal.decide', whatOf(appeal.id, contested))
    if (!decision.allowed) return { denied: decision }
    if (!reasons.trim())
      return { problems: { reasons: 'Write why. Whoever appealed reads it, and it is on record.' } }

    const at = installation.now()
    const comment = await lockComment(tx, contested.comment)
    if (!comment) throw new Error(`Appeal ${id} has lost its comment.`)
    await store.insertAppealDecision(tx, { appeal: id, outcome, reasons: reasons.trim(), by: person.id, at })
    await append(tx, {
      kind: 'comment.appeal-decision',
      subject: { kind: 'comment', id: comment.id },
      page: comment.page,
      by: whoIs(person),
      decision,
      content: {
        appeal: id,
        against: contested.kind,
        decision: contested.id,
        outcome,
        reasons: reasons.trim(),
        due: appeal.due,
      },
      words: reasons,
      at,
    })
    if (outcome === 'reversed') await takeBack(tx, installation, person, contested, comment, at)
    const page = await pageById(tx, comment.page)
    if (page) await noticeOfAnswer(tx, installation, appeal, outcome, page, at)
    return { done: outcome }
  })
}

/** Undoes what was appealed. Whoever may decide on appeals may undo; a pack that says otherwise must not lose the decision half-way. */
async function takeBack(
  tx: Tx,
  installation: Installation,
  person: Person,
  contested: store.Contested,
  comment: Comment,
  at: Date,
): Promise<void> {
  if (contested.kind === 'block') {
    const block = await lockBlock(tx, contested.id)
    if (block && isInForce(block, at))
      await closeBlock(tx, installation, block, { cause: 'appeal', by: person, note: '', at })
    return
  }
  // A colleague may have shown it again in the meantime, or its author deleted it: then nothing is left to undo.
  if (comment.state !== 'hidden' || comment.deleted_at) return
  const shown = await showAgain(tx, installation, person, comment, 'After an appeal.')
  if (!('done' in shown))
    throw new Error('The policy lets this person decide on appeals, but not show a comment again.')
}

async function file(
  installation: Installation,
  contested: store.Contested,
  { by, text, code, inTime }: { by: 'code' | 'address'; text: string; code: string; inTime: boolean },
): Promise<Answer<string>> {
  const { db, policy, secrets } = installation
  const who: Who = { kind: 'visitor' }
  const what: What = { type: 'Appeal', id: contested.id, inTime }
  const decision = policy.decide(who, 'appeal.file', what)
  const at = installation.now()
  return db.transaction().execute<Answer<string>>(async (tx) => {
    if (!decision.allowed) {
      await recordRefusal(tx, who, decision, what, { at, page: contested.page })
      return { denied: decision }
    }
    const calendar = await officeCalendar(tx, policy)
    const receivedOn = calendar.receivedOn(localDay(at, await timeZoneHere(tx)))
    const due = calendar.businessDayAfter(receivedOn, policy.appeals.decideWithinBusinessDays)
    const id = newId()
    const words = text.trim()
    const taken = await store.insertAppeal(tx, {
      id,
      comment: contested.comment,
      removal: contested.kind === 'removal' ? contested.id : null,
      block: contested.kind === 'block' ? contested.id : null,
      filed_by: by,
      text: words,
      ...sealedCode(secrets, code),
      received_at: at,
      received_on: receivedOn.toString(),
      due: due.toString(),
    })
    if (!taken) return problem('It was appealed already. A removal or a block can be appealed once.')
    await append(tx, {
      kind: 'comment.appeal',
      subject: { kind: 'comment', id: contested.comment },
      page: contested.page,
      by: who,
      decision,
      // Neither the code nor who sent it: records are searched and copied.
      content: {
        appeal: id,
        against: contested.kind,
        decision: contested.id,
        filedBy: by,
        text: words,
        receivedOn: receivedOn.toString(),
        due: due.toString(),
      },
      words,
      at,
    })
    return { done: code }
  })
}

/** The removed comment at a web address: the platform's, or our own page's, where the comment stands by itself or after the #. */
async function removalAt(
  { db, baseUrl }: Installation,
  { address, handle }: { address: string; handle: string },
) {
  const typed = address.trim()
  // The link at the notice leaves out the site's own address.
  const place = URL.canParse(typed, baseUrl) ? new URL(typed, baseUrl) : null
  const named =
    /^#comment-([0-9a-f-]{36})$/.exec(place?.hash ?? '') ??
    /\/comments\/([0-9a-f-]{36})$/.exec(place?.pathname ?? '')
  const own = place?.origin === new URL(baseUrl).origin && parseId<'comment'>(named?.[1])
  const row = own ? await commentById(db, own) : await store.commentByUrl(db, typed.replace(/[?#].*$/, ''))
  const plain = (name: string | null) => (name ?? '').trim().replace(/^@/, '').toLowerCase()
  if (!row || ![plain(row.author_handle), plain(row.author_name)].includes(plain(handle))) return null
  return (await store.standingRemoval(db, row.id)) ?? null
}

function textProblem(text: string): { text: string } | null {
  const length = [...text.trim()].length
  if (length === 0) return { text: 'Say in a sentence why the comment should be shown again.' }
  if (length > longestAppeal)
    return {
      text: `An appeal can have ${longestAppeal.toLocaleString('en-US')} characters. Yours has ${length.toLocaleString('en-US')}: shorten it.`,
    }
  return null
}

/** Counts a use of the public form. Of the network address only a digest is kept, another one each day. */
async function tooMany(
  { db, secrets, now }: Installation,
  clientAddress: string,
): Promise<{ form: string } | null> {
  const at = now()
  const digest = secrets.digest(`${at.toISOString().slice(0, 10)} ${clientAddress}`, 'comment.appeal-rate')
  const { hour } = await countUse(db, digest, at)
  return hour > perHour
    ? {
        form: 'Many appeals came from your connection in the last hour. What you wrote is still here: please send it again in an hour.',
      }
    : null
}

/** Those who made what is appealed, or agreed to it. */
export const partIn = ({ by, secondPerson }: Pick<store.Contested, 'by' | 'secondPerson'>): PersonId[] =>
  secondPerson ? [by, secondPerson] : [by]

export const whatOf = (id: string, contested: Pick<store.Contested, 'by' | 'secondPerson'>): What => ({
  type: 'Appeal',
  id,
  partIn: partIn(contested),
})

/** Whether the day by which an appeal is to be decided is over. Days are YYYY-MM-DD. */
export const isOverdue = (appeal: { due: string }, today: string) =>
  Temporal.PlainDate.compare(appeal.due, today) < 0

/** Open appeals that this person may decide on, the first deadline first; the policy says who. */
export async function appealsFor(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  person: Person,
): Promise<TodayItem[]> {
  const who = whoIs(person)
  const { lines } = await store.listAppeals(db, { state: 'open', take: 50 })
  const mine = lines.filter(
    ({ id, partIn }) => policy.decide(who, 'appeal.decide', { type: 'Appeal', id, partIn }).allowed,
  )
  if (mine.length === 0) return []
  const zone = await timeZoneHere(db)
  const today = localDay(now(), zone).toString()
  return mine.map((one) => ({
    kind: 'comment.appeal',
    title:
      one.kind === 'block'
        ? `Appeal of ${one.author} against a block`
        : `Appeal about a comment of ${one.author}`,
    detail: isOverdue(one, today)
      ? 'Overdue. You had no part in it: decide whether it stands.'
      : 'You had no part in it: decide whether it stands.',
    href: `/console/appeals/${one.id}`,
    // Until the end of the day.
    at: new Date(
      Temporal.PlainDate.from(one.due).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1,
    ),
    due: true,
  }))
}
