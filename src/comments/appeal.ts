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
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { pageById } from '../pages/pages.ts'
import type { What, Who } from '../policy/policy.ts'
import { localDay, newCode, officeCalendar, readCode, timeZoneHere, todayHere } from '../requests/requests.ts'
import { newId, type PersonId, parseId } from '../storage/ids.ts'
import * as store from './appeal-store.ts'
import { longestAppeal } from './limits.ts'
import { showAgain } from './moderation.ts'
import { digestOf, noticeOfAnswer, sealedCode } from './notice.ts'
import { commentById, countUse, lockComment } from './store.ts'

const perHour = 10

/** What a code opens: the removal, and the appeal against it as far as there is one. */
export interface AppealCase {
  removal: store.Removal
  appeal: store.Appeal | null
  /** The last day for an appeal; null when the code is that of an appeal. */
  until: string | null
  inTime: boolean
  /** Whether the comment is hidden by this removal still. */
  stands: boolean
  /** The comment's own words, for whoever holds the notice's code; a web address and a name don't show who asks. */
  words: string | null
}

/** The case that a typed code belongs to, or null. */
export async function caseByCode(installation: Installation, typed: string): Promise<AppealCase | null> {
  const { db } = installation
  const code = readCode(typed)
  const found = code && (await store.removalByCode(db, digestOf(installation, code)))
  const removal = found && (await store.removalById(db, found.removal))
  if (!removal) return null
  const [appeal, standing, comment, today] = await Promise.all([
    store.appealAgainst(db, removal.id),
    store.standingRemoval(db, removal.comment),
    commentById(db, removal.comment),
    todayHere(installation),
  ])
  return {
    removal,
    appeal,
    until: found.until,
    inTime: found.until !== null && today <= found.until,
    stands: standing?.id === removal.id,
    words: found.byNotice && !comment?.deleted_at ? (comment?.text ?? null) : null,
  }
}

/** Takes an author's appeal with the code of the notice. It goes to somebody else, with a day by which it is decided. */
export async function fileAppeal(
  installation: Installation,
  typed: { code: string; text: string },
  clientAddress: string,
): Promise<Answer<string>> {
  const code = readCode(typed.code)
  const found = code && (await caseByCode(installation, code))
  if (!code || !found) return problem('No removal has this code. Check it against the notice.')
  if (!found.appeal && !found.stands) return problem('The comment is shown again already.')
  const wrong = textProblem(typed.text) ?? (await tooMany(installation, clientAddress))
  if (wrong) return { problems: wrong }
  return file(installation, found.removal, { by: 'code', text: typed.text, code, inTime: found.inTime })
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
  partIn: readonly PersonId[],
): Promise<{ people: Person[]; moderatorsLeft: boolean }> {
  const what: What = { type: 'Appeal', id: 'any', partIn: [...partIn] }
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
    const removal = appeal && (await store.removalById(tx, appeal.removal))
    if (!appeal || !removal) return problem('There is no such appeal.')
    if (appeal.decision)
      return problem(
        `${appeal.decision.byName} decided on this appeal a moment ago: ${appeal.decision.outcome === 'upheld' ? 'the removal stands' : 'the comment is shown again'}. The first decision counts.`,
      )
    const decision = await consider(tx, installation, person, 'appeal.decide', whatOf(appeal.id, removal))
    if (!decision.allowed) return { denied: decision }
    if (!reasons.trim())
      return { problems: { reasons: 'Write why. Whoever appealed reads it, and it is on record.' } }

    const at = installation.now()
    const comment = await lockComment(tx, removal.comment)
    if (!comment) throw new Error(`Appeal ${id} has lost its comment.`)
    await store.insertAppealDecision(tx, { appeal: id, outcome, reasons: reasons.trim(), by: person.id, at })
    await append(tx, {
      kind: 'comment.appeal-decision',
      subject: { kind: 'comment', id: comment.id },
      page: comment.page,
      by: whoIs(person),
      decision,
      content: { appeal: id, decision: removal.id, outcome, reasons: reasons.trim(), due: appeal.due },
      words: reasons,
      at,
    })
    // A colleague may have shown it again in the meantime, or its author deleted it: then nothing is left to undo.
    if (outcome === 'reversed' && comment.state === 'hidden' && !comment.deleted_at) {
      const shown = await showAgain(tx, installation, person, comment, 'After an appeal.')
      // Whoever may decide on appeals may show comments; a pack that says otherwise must not lose the decision half-way.
      if (!('done' in shown))
        throw new Error('The policy lets this person decide on appeals, but not show a comment again.')
    }
    const page = await pageById(tx, comment.page)
    if (page)
      await noticeOfAnswer(tx, installation, { comment: comment.id, removal: removal.id }, outcome, page, at)
    return { done: outcome }
  })
}

async function file(
  installation: Installation,
  removal: store.Removal,
  { by, text, code, inTime }: { by: 'code' | 'address'; text: string; code: string; inTime: boolean },
): Promise<Answer<string>> {
  const { db, policy, secrets } = installation
  const who: Who = { kind: 'visitor' }
  const what: What = { type: 'Appeal', id: removal.id, inTime }
  const decision = policy.decide(who, 'appeal.file', what)
  const at = installation.now()
  return db.transaction().execute<Answer<string>>(async (tx) => {
    if (!decision.allowed) {
      await recordRefusal(tx, who, decision, what, { at, page: removal.page })
      return { denied: decision }
    }
    const calendar = await officeCalendar(tx, policy)
    const receivedOn = calendar.receivedOn(localDay(at, await timeZoneHere(tx)))
    const due = calendar.businessDayAfter(receivedOn, policy.appeals.decideWithinBusinessDays)
    const id = newId()
    const words = text.trim()
    const taken = await store.insertAppeal(tx, {
      id,
      comment: removal.comment,
      removal: removal.id,
      filed_by: by,
      text: words,
      ...sealedCode(secrets, code),
      received_at: at,
      received_on: receivedOn.toString(),
      due: due.toString(),
    })
    if (!taken) return problem('This removal was appealed already. A removal can be appealed once.')
    await append(tx, {
      kind: 'comment.appeal',
      subject: { kind: 'comment', id: removal.comment },
      page: removal.page,
      by: who,
      decision,
      // Neither the code nor who sent it: records are searched and copied.
      content: {
        appeal: id,
        decision: removal.id,
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

/** The removed comment at a web address: the platform's, or our own page's with the comment after the #. */
async function removalAt(
  { db, baseUrl }: Installation,
  { address, handle }: { address: string; handle: string },
) {
  const typed = address.trim()
  const own =
    typed.startsWith(`${baseUrl}/`) && parseId<'comment'>(/#comment-([0-9a-f-]{36})$/.exec(typed)?.[1])
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

export const whatOf = (id: string, removal: Pick<store.Removal, 'by' | 'secondPerson'>): What => ({
  type: 'Appeal',
  id,
  partIn: [removal.by, ...(removal.secondPerson ? [removal.secondPerson] : [])],
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
    title: `Appeal about a comment of ${one.author}`,
    detail: isOverdue(one, today)
      ? 'Overdue. You had no part in the removal: decide whether it stands.'
      : 'You had no part in the removal: decide whether it stands.',
    href: `/console/appeals/${one.id}`,
    // Until the end of the day.
    at: new Date(
      Temporal.PlainDate.from(one.due).add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds - 1,
    ),
    due: true,
  }))
}
