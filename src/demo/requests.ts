import { searchRecords } from '../archive/archive.ts'
import type { Answer, Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import {
  collect,
  draftLetter,
  enterRequest,
  openGroups,
  orderProduction,
  publishProduction,
  receiveByForm,
  reviewGroups,
  sendLetter,
  writeByCode,
} from '../requests/requests.ts'
import type { RequestId } from '../storage/ids.ts'

const day = 86_400_000

/** Requests in every state: one answered and published, one in the middle, one that came by letter. */
export async function askForRecords(
  here: Installation,
  officer: Person,
  {
    set,
    now,
    dateOf,
    work,
  }: { set(at: Date): void; now: Date; dateOf(at: Date): string; work(): Promise<void> },
) {
  const ago = (days: number) => new Date(now.getTime() - days * day)
  const letter = async (id: RequestId, template: string) => {
    const nothing = { why: '', exemptions: [], newDue: '', factors: [] }
    const { subject, body } = await draftLetter(here, officer, id, template, nothing)
    value(await sendLetter(here, officer, id, { ...nothing, template, subject, body }))
  }

  set(ago(40))
  const first = value(
    await receiveByForm(
      here,
      { text: 'Everything that the department has posted on its page so far.', contact: {} },
      '2001:db8::2',
    ),
  )
  set(ago(38))
  await letter(first.id, 'response-records-later')
  const posts = await searchRecords(here.db, { kind: 'post.publication', to: ago(38), limit: 50 })
  value(
    await collect(
      here,
      officer,
      first.id,
      posts.records.map((one) => one.id),
    ),
  )
  if (posts.records.length > 0) {
    const groups = await openGroups(here.db, first.id)
    value(
      await reviewGroups(here, officer, first.id, groups, { decision: 'release', exemptions: [], why: '' }),
    )
    set(ago(36))
    const production = value(await orderProduction(here, officer, first.id, { releaseWhenReady: true }))
    await work()
    const summary = 'As they were published, with their pictures and the proofs from the public log.'
    value(await publishProduction(here, officer, production, { title: 'The posts of our page', summary }))
  }
  await letter(first.id, 'provided')

  set(ago(11))
  await enterRequest(here, officer, {
    text: 'Copies of every comment of mine that was hidden, and the reasons.',
    name: 'Gary Pelletier',
    contact: { address: '14 Quarry Lane, Wexford Falls' },
    channel: 'letter',
    arrivedOn: dateOf(ago(11)),
  })

  set(ago(4))
  const storm = value(
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
  await letter(storm.id, 'acknowledgement')
  const comments = await searchRecords(here.db, { words: 'storm', kind: 'comment', limit: 100 })
  value(
    await collect(
      here,
      officer,
      storm.id,
      comments.records.map((one) => one.id),
    ),
  )
  set(ago(1))
  value(
    await writeByCode(here, storm.code, 'Mill Street matters most. The rest may come later.', '2001:db8::1'),
  )
  set(now)
}

function value<Value>(answer: Answer<Value>): Value {
  if ('done' in answer) return answer.done
  throw new Error(`The demonstration could not go on: ${JSON.stringify(answer)}`)
}
