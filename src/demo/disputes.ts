import {
  agreeToBlock,
  caseByCode,
  commentById,
  decideAppeal,
  fileAppeal,
  hideComment,
  proposeBlock,
  remarkInThread,
  submitComment,
} from '../comments/comments.ts'
import type { Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { CommentId, PageId } from '../storage/ids.ts'
import { done } from './done.ts'

const day = 86_400_000
const hour = day / 24

interface Place {
  page: PageId
  publication: string
}

/** Somebody who writes with one browser. */
interface Visitor {
  name: string
  clientAddress: string
}

/** What people object to, and who keeps a page from being usable: one appeal decided, one waiting, one block in force. */
export async function dispute(
  here: Installation,
  staff: Record<'clerk' | 'dispatcher' | 'lieutenant', Person>,
  place: Place,
  set: (at: Date) => void,
): Promise<void> {
  const now = here.now().getTime()
  const ago = (milliseconds: number) => set(new Date(now - milliseconds))

  /** Writes a comment, has it hidden a little later, and answers with the code that its author then has. */
  async function hidden(
    visitor: Visitor,
    by: Person,
    text: string,
    reason: string,
    before: number,
    token?: string,
  ) {
    ago(before)
    const sent = done(await submitComment(here, { ...place, ...visitor, text, honeypot: '', token }))
    const id = sent.comment as CommentId
    ago(before - hour)
    const revision = (await commentById(here.db, id))?.revision ?? 0
    done(await hideComment(here, by, id, { revision, reason }))
    const shown = await remarkInThread(here, place.publication, id, { token: sent.token })
    return { id, token: sent.token, code: shown?.remark.appealAt?.split('/').at(-1) ?? '' }
  }

  const appeal = async (visitor: Visitor, code: string, text: string) =>
    done(await fileAppeal(here, { code, text }, visitor.clientAddress))

  const towed = { name: 'Ray Delaney', clientAddress: '2001:db8:90::1' }
  const angry = await hidden(
    towed,
    staff.clerk,
    'Towed at 3 a.m. with a new baby in the house and not one f***ing sign on our street. Whoever thought up this ban should come and dig us out.',
    'obscenity',
    9 * day,
  )
  ago(8 * day)
  await appeal(
    towed,
    angry.code,
    'I swore once, with stars in it, because I was angry about the ban. I meant the town, and nobody by name. The rest of it is a complaint like any other.',
  )
  const filed = (await caseByCode(here, angry.code))?.appeal
  ago(6 * day)
  done(
    await decideAppeal(here, staff.lieutenant, filed?.id ?? '', {
      outcome: 'reversed',
      reasons:
        'You are right. Anger with a swear word in it about how the town handles snow is criticism, and criticism stays. The comment is shown again, and we have talked about it among the moderators.',
    }),
  )

  const neighbor = { name: 'Cheryl Boucher', clientAddress: '2001:db8:90::2' }
  const insult = await hidden(
    neighbor,
    staff.dispatcher,
    'Gary Pelletier, you are a stupid old drunk and your kids are ashamed of you. Everybody on Cutler Street knows it.',
    'personal-attack',
    4 * day,
  )
  ago(3 * day)
  await appeal(
    neighbor,
    insult.code,
    'He started it at the town meeting and everybody laughed at me. Why may he say what he wants, and I may not answer?',
  )

  const seller = { name: 'Prime Roof & Gutter', clientAddress: '2001:db8:90::3' }
  const offers = [
    'Storm damage? Prime Roof & Gutter is in YOUR town this week only. Free estimate, message us now!',
    'Last three slots! 40 percent off a new roof if you sign before Friday. Prime Roof & Gutter.',
    'Ask your neighbors: everyone signs with Prime Roof & Gutter. Call before the offer ends!',
    'Still waiting for your insurance? We handle it ALL. Prime Roof & Gutter, free estimate today.',
  ]
  let token: string | undefined
  let last: CommentId | undefined
  for (const [n, text] of offers.entries()) {
    const one = await hidden(
      seller,
      n % 2 ? staff.clerk : staff.dispatcher,
      text,
      'off-topic',
      (8 - n) * day,
      token,
    )
    token = one.token
    last = one.id
  }
  if (!last) return
  ago(4 * day)
  const block = done(
    await proposeBlock(here, staff.dispatcher, last, {
      reason: 'repeated-removals',
      days: 14,
      narrower:
        'The fourth advertisement in four days, each under news that people need. Hiding them one by one has not stopped them, and they never wrote anything else.',
    }),
  )
  ago(4 * day - 3 * hour)
  done(await agreeToBlock(here, staff.lieutenant, block))
}
