import { type RecordText, readRecord, searchRecords } from '../archive/archive.ts'
import type { Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import {
  assignTask,
  changeDeskSettings,
  collect,
  draftLetter,
  enterRequest,
  marksFor,
  noteAppeal,
  openGroups,
  orderProduction,
  publishProduction,
  receiveByForm,
  redactRecord,
  reviewGroups,
  sendLetter,
  writeByCode,
} from '../requests/requests.ts'
import type { RequestId } from '../storage/ids.ts'
import { done } from './done.ts'

const day = 86_400_000

interface Desk {
  here: Installation
  officer: Person
  colleague: Person
  set(at: Date): void
  ago(days: number): Date
  dateOf(at: Date): string
  work(): Promise<void>
}

/** Requests in every state: answered and published, answered in part and appealed, in the middle, come by letter. */
export async function askForRecords(
  here: Installation,
  { records: officer, systems: colleague }: Record<'records' | 'systems', Person>,
  { now, ...time }: Pick<Desk, 'set' | 'dateOf' | 'work'> & { now: Date },
) {
  const desk = {
    ...time,
    here,
    officer,
    colleague,
    ago: (days: number) => new Date(now.getTime() - days * day),
  }
  desk.set(desk.ago(41))
  done(
    await changeDeskSettings(here, officer, {
      secondLook: false,
      population: 9_412,
      hourlyRateCents: 23_50,
    }),
  )
  await published(desk)
  await answeredInPart(desk)
  await byLetter(desk)
  await inTheMiddle(desk)
  desk.set(now)
}

async function letter({ here, officer }: Desk, id: RequestId, template: string) {
  const nothing = { why: '', exemptions: [], newDue: '', factors: [] }
  const { subject, body } = await draftLetter(here, officer, id, template, nothing)
  done(await sendLetter(here, officer, id, { ...nothing, template, subject, body }))
}

/** What was posted so far, released to everybody in the reading room. */
async function published(desk: Desk) {
  const { here, officer, set, ago, work } = desk
  set(ago(40))
  const first = done(
    await receiveByForm(
      here,
      { text: 'Everything that the department has posted on its page so far.', contact: {} },
      '2001:db8::2',
    ),
  )
  set(ago(38))
  await letter(desk, first.id, 'response-records-later')
  const posts = await searchRecords(here.db, { kind: 'post.publication', to: ago(38), limit: 50 })
  done(
    await collect(
      here,
      officer,
      first.id,
      posts.records.map((one) => one.id),
    ),
  )
  if (posts.records.length > 0) {
    const groups = await openGroups(here.db, first.id)
    done(
      await reviewGroups(here, officer, first.id, groups, { decision: 'release', exemptions: [], why: '' }),
    )
    set(ago(36))
    const production = done(await orderProduction(here, officer, first.id, { releaseWhenReady: true }))
    await work()
    const summary = 'As they were published, with their pictures and the proofs from the public log.'
    done(await publishProduction(here, officer, production, { title: 'The posts of our page', summary }))
  }
  await letter(desk, first.id, 'provided')
}

/** What visitors wrote about private people, and why it is taken out (M.G.L. c. 4 § 7(26)(c)). */
const privateFacts = ['508-555-0177', '14 Cutler Street, second floor', 'plate 7QX 418']
const privacy =
  'It tells how to find or reach a private person, which would invade their privacy, and says nothing of what government does.'

/** What moderators removed, without the telephone numbers and addresses in it; the requester appeals. */
async function answeredInPart(desk: Desk) {
  const { here, officer, set, ago, dateOf, work } = desk
  set(ago(30))
  const { id } = done(
    await receiveByForm(
      here,
      {
        text: 'Every comment that was removed from the department’s page in the last three months because it attacked somebody, as it was written.',
        name: 'Lena Abbott',
        contact: { email: 'lena.abbott@record.example' },
      },
      '2001:db8::3',
    ),
  )
  set(ago(27))
  await letter(desk, id, 'response-records-later')
  const found = await searchRecords(here.db, {
    words: '"lives at" OR "her cell" OR plate OR ambulance OR ashamed OR idiot',
    kind: 'comment.capture',
    state: 'hidden',
    to: ago(27),
    limit: 40,
  })
  const removed = found.records.map((one) => one.id)
  if (removed.length === 0) return
  done(await collect(here, officer, id, removed))
  set(ago(24))
  let redacted = 0
  for (const record of removed) {
    const kept = await readRecord(here.db, record)
    const text = kept && (JSON.parse(kept.json) as RecordText)
    const marks = text ? privateFacts.flatMap((words) => marksFor(text, words, 'c')) : []
    if (marks.length === 0) continue
    done(await redactRecord(here, officer, id, record, { add: marks, why: privacy, revision: 0 }))
    redacted++
  }
  const open = await openGroups(here.db, id)
  done(await reviewGroups(here, officer, id, open, { decision: 'release', exemptions: [], why: '' }))
  set(ago(22))
  done(await orderProduction(here, officer, id, { releaseWhenReady: true, formats: ['pdf', 'csv'] }))
  await work()
  await letter(desk, id, redacted > 0 ? 'denial-in-part' : 'provided')
  if (redacted === 0) return
  set(ago(5))
  const reason = 'She says that whoever publishes a number gives up its protection.'
  done(await noteAppeal(here, officer, id, { receivedOn: dateOf(ago(6)), reason }))
}

async function byLetter({ here, officer, set, ago, dateOf }: Desk) {
  set(ago(11))
  await enterRequest(here, officer, {
    text: 'Copies of every comment of mine that was hidden, and the reasons.',
    name: 'Gary Pelletier',
    contact: { address: '14 Quarry Lane, Wexford Falls' },
    channel: 'letter',
    arrivedOn: dateOf(ago(11)),
  })
}

/** Acknowledged and collected; the requester has written again, and a colleague looks for what is elsewhere. */
async function inTheMiddle(desk: Desk) {
  const { here, officer, colleague, set, ago, dateOf } = desk
  set(ago(4))
  const storm = done(
    await receiveByForm(
      here,
      {
        text: 'All posts and comments about the storm and the flooding on Mill Street since September, with anything that was removed.',
        name: 'Dana Whitfield, Wexford Falls Courier',
        contact: { email: 'dana@courier.example' },
      },
      '2001:db8::1',
    ),
  )
  set(ago(3))
  await letter(desk, storm.id, 'acknowledgement')
  const comments = await searchRecords(here.db, { words: 'storm', kind: 'comment', limit: 100 })
  done(
    await collect(
      here,
      officer,
      storm.id,
      comments.records.map((one) => one.id),
    ),
  )
  done(
    await assignTask(here, officer, storm.id, {
      title: 'Look in the shared mailbox for what people wrote about Mill Street.',
      assignee: colleague.id,
      due: dateOf(ago(-2)),
    }),
  )
  set(ago(1))
  done(
    await writeByCode(here, storm.code, 'Mill Street matters most. The rest may come later.', '2001:db8::1'),
  )
}
