import type { RouterContextProvider } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { installation } from '../../web/context.ts'
import { type Card, cardsOf } from '../card.ts'
import { foundComment } from './found-comment.ts'

export interface Subject {
  card: Card
  zone: string
}

/** The comment that a decision is about, as its screen shows it. */
export async function subjectOf(
  context: Readonly<RouterContextProvider>,
  typed: string | undefined,
): Promise<Subject> {
  const { id } = await foundComment(context, typed)
  const here = installation(context)
  const [[card], zone] = await Promise.all([cardsOf(here, [id]), timeZoneHere(here.db)])
  if (!card) throw new Error(`Comment ${id} has lost its post.`)
  return { card, zone }
}
