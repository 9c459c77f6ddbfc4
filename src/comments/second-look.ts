import { append, momentsOf } from '../archive/archive.ts'
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
import { localDay } from '../requests/requests.ts'
import { parseId } from '../storage/ids.ts'
import * as store from './second-look-store.ts'

/** How many decisions a month get a second look. */
export const numberAMonth = async ({ db, policy }: Pick<Installation, 'db' | 'policy'>): Promise<number> =>
  (await store.chosenNumber(db)) ?? policy.appeals.secondLooks.aMonth

/** Chooses how many decisions a month get a second look, from the next drawing on. */
export const chooseNumber = (
  installation: Installation,
  person: Person,
  number: number,
): Promise<Answer<number>> =>
  installation.db.transaction().execute(async (tx) => {
    const at = installation.now()
    const decision = await consider(tx, installation, person, 'consistency.configure', {
      type: 'Consistency',
      id: 'sample',
    })
    if (!decision.allowed) return { denied: decision }
    await store.insertNumber(tx, number, person.id, at)
    await append(tx, {
      kind: 'record.second-look-setting',
      subject: { kind: 'consistency', id: 'sample' },
      by: whoIs(person),
      decision,
      content: { aMonth: number },
      at,
    })
    return { done: number }
  })

/** Draws the sample of the month that ended last, unless that was done. */
export async function drawLastMonth(installation: Installation): Promise<void> {
  const { db } = installation
  const zone = await timeZoneHere(db)
  const at = installation.now()
  const month = localDay(at, zone).toPlainYearMonth().subtract({ months: 1 })
  const name = month.toString()
  if (await store.isDrawn(db, name)) return
  const { from, to } = momentsOf(`${name}-01`, `${name}-${month.daysInMonth}`, zone)
  if (!from || !to) throw new Error(`${name} has no days.`)
  const number = await numberAMonth(installation)
  await db.transaction().execute((tx) => store.draw(tx, { name, from, to }, number, at))
}

/** The second looks that this person may take: those at comments they had no part in. */
export async function looksFor(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  person: Person,
): Promise<store.SecondLook[]> {
  const who = whoIs(person)
  const may = (partIn: readonly string[]) =>
    policy.decide(who, 'consistency.judge', { type: 'Consistency', id: 'any', partIn }).allowed
  if (!may([])) return []
  return (await store.looksWaiting(db)).filter(({ partIn }) => may(partIn))
}

/** What Today shows of them: one line, and the first to begin with. */
export async function secondLooksFor(
  installation: Pick<Installation, 'db' | 'policy'>,
  person: Person,
): Promise<TodayItem[]> {
  const [first, ...more] = await looksFor(installation, person)
  if (!first) return []
  return [
    {
      kind: 'comment.second-look',
      title: more.length === 0 ? 'A second look' : `${more.length + 1} second looks`,
      detail: 'Say what you would decide, without knowing what was decided. It changes nothing there.',
      href: '/console/second-looks',
      at: first.drawnAt,
    },
  ]
}

/** Keeps what a second moderator would have decided: 'keep', or a removal reason. It changes nothing about the comment. */
export const judge = (
  installation: Installation,
  person: Person,
  id: string,
  choice: string,
): Promise<Answer<'keep' | 'hide'>> =>
  installation.db.transaction().execute<Answer<'keep' | 'hide'>>(async (tx) => {
    const look = parseId(id) && (await store.lookById(tx, id))
    if (!look) return problem('There is no such second look.')
    const decision = await consider(
      tx,
      installation,
      person,
      'consistency.judge',
      { type: 'Consistency', id, partIn: look.partIn },
      look.page,
    )
    if (!decision.allowed) return { denied: decision }
    const reason = installation.policy.removalReasons.find((one) => one.id === choice)?.id ?? null
    if (choice !== 'keep' && reason === null)
      return { problems: { choice: 'Choose to keep it, or the reason that you would hide it for.' } }
    const verdict = reason === null ? 'keep' : 'hide'
    const at = installation.now()
    const judgement = { decision: id, verdict, reason, by: person.id, at } as const
    if (!(await store.insertJudgement(tx, judgement)))
      return problem('Somebody took this second look a moment ago. The first one counts.')
    await append(tx, {
      kind: 'comment.second-look',
      subject: { kind: 'comment', id: look.comment },
      page: look.page,
      by: whoIs(person),
      decision,
      content: { of: id, verdict, reason },
      at,
    })
    return { done: verdict }
  })
