import { noteOpening } from '../archive/archive.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Decision } from '../policy/policy.ts'
import { type Card, cardsOf, type Neighbour } from './card.ts'
import { type Escalation, recordOfEscalation } from './escalation-store.ts'
import { type Picture, versionsOf } from './store.ts'

/** What whoever receives an escalation sees: the comment, what surrounds it, and nothing that moderators think of it. */
export interface PassedOn {
  authorName: string
  authorHandle: string | null
  postedAt: Date
  language: string | null
  /** The version that was passed on, and what its author made of it afterwards. */
  versions: PassedOnVersion[]
  deletedAt: Date | null
  state: Card['state']
  decided: boolean
  above: Neighbour[]
  below: Card['below']
  post: Card['post']
  page: Card['page']
}
export interface PassedOnVersion {
  version: number
  text: string
  at: Date
  pictures: Picture[]
}

/** The comment of an escalation with its thread and pictures. Hidden and deleted neighbours keep their words to themselves. */
export async function passedOn(here: Installation, { comment, version }: Escalation): Promise<PassedOn> {
  const [[card], versions] = await Promise.all([cardsOf(here, [comment]), versionsOf(here.db, comment)])
  if (!card) throw new Error(`Comment ${comment} has lost its post.`)
  const { authorName, authorHandle, postedAt, language, deletedAt, state, decided, post, page } = card
  return {
    authorName,
    authorHandle,
    postedAt,
    language,
    versions: versions
      .filter((one) => one.version >= version)
      .map(({ version, text, at, pictures }) => ({ version, text, at, pictures })),
    deletedAt,
    state,
    decided,
    above: card.above.map(asPublic),
    below: { count: card.below.count, first: card.below.first.map(asPublic) },
    post,
    page,
  }
}

const asPublic = (one: Neighbour): Neighbour =>
  one.state === 'shown' && !one.deleted ? one : { ...one, text: '' }

/** Records that somebody opened what was passed on, or a picture of it, where the comment is hidden or deleted. */
export async function notePassedOnOpening(
  { db, now }: Installation,
  person: Person,
  decision: Decision,
  escalation: Escalation,
  file?: string,
): Promise<void> {
  const record = await recordOfEscalation(db, escalation.id)
  if (record) await noteOpening(db, { by: whoIs(person), decision, now: now() }, record, file ? { file } : {})
}
