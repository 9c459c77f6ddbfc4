import { Tag } from '../../web/components/tag.tsx'
import type { Card } from '../card.ts'

/** Where a comment stands, in a word. */
export function CommentStateTag({
  card,
}: {
  card: Pick<Card, 'state' | 'decided' | 'deletedAt'> & {
    asked?: Card['asked']
    official?: boolean
    goneBecause?: Card['goneBecause']
    unapproved?: boolean
  }
}) {
  if (card.deletedAt && card.goneBecause) return <Tag>Gone: {card.goneBecause}</Tag>
  if (card.deletedAt) return <Tag>{card.official ? 'Taken back' : 'Deleted by its author'}</Tag>
  if (card.unapproved) return <Tag tone="warning">The department’s answer, approved by nobody here</Tag>
  if (card.official) return <Tag tone="info">The department’s answer</Tag>
  if (card.asked) return <Tag tone="warning">A second person is asked</Tag>
  if (card.state === 'hidden')
    return <Tag tone="error">{card.decided ? 'Hidden' : 'Hidden, changed since'}</Tag>
  if (card.state === 'held') return <Tag tone="warning">Held for review</Tag>
  return card.decided ? <Tag tone="success">Kept</Tag> : <Tag tone="info">Waits</Tag>
}
