import { useCallback, useEffect, useRef, useState } from 'react'
import { useFetcher } from 'react-router'
import { opening } from '../../opening.ts'
import type { CommentId } from '../../storage/ids.ts'
import type { Card } from '../card.ts'
import type { QueuePart } from '../queue.ts'
import type { QueueFilter } from '../queue-filter.ts'
import type { DecisionReply, Undoing } from './decision-reply.ts'
import { queueAddress } from './queue-address.ts'

/** What the list knows of a card besides what the card says. */
export interface CardState {
  busy?: boolean
  /** Why the last decision was not taken. */
  reply?: Exclude<DecisionReply, { done: unknown }>
  /** Somebody else decided, in words; the card is over. */
  over?: string
}
interface Step {
  card: Card
  undo: Undoing
}
type Part = Pick<QueuePart, 'cards' | 'next' | 'at'>

/**
 * The cards that a browser holds. Nothing comes or goes but by the moderator's own keys: what they decided leaves, what they
 * take back returns, what is further down is loaded as they get there, and what is new waits until it is taken in.
 */
export function useQueue(part: Part, filter: QueueFilter) {
  const [cards, setCards] = useState(part.cards)
  const [next, setNext] = useState(part.next)
  const [states, setStates] = useState<ReadonlyMap<CommentId, CardState>>(new Map())
  const [word, setWord] = useState('')
  const [decidedCount, setDecidedCount] = useState(0)
  const steps = useRef<Step[]>([])
  const asked = useRef<string | null>(null)
  const more = useFetcher<QueuePart & { filter: QueueFilter }>()
  const order = filter.order

  const note = useCallback(
    (id: CommentId, state: CardState) => setStates((before) => new Map(before).set(id, state)),
    [],
  )
  const loadMore = useCallback(() => {
    if (!next || asked.current === next) return
    asked.current = next
    more.load(queueAddress({ ...filter, after: next }))
  }, [next, filter, more.load])

  useEffect(() => {
    const found = more.data
    if (!found || found.filter.after !== asked.current) return
    setCards((before) => merged(before, found.cards, order))
    setNext(found.next)
  }, [more.data, order])

  // The part was read again, to take in what is new.
  const first = useRef(part)
  useEffect(() => {
    if (first.current === part) return
    first.current = part
    asked.current = null
    setStates(new Map())
    setDecidedCount(0)
    setCards((before) => {
      const known = new Set(before.map(({ id }) => id))
      const meets = before.length > 0 && part.cards.some(({ id }) => known.has(id))
      if (!meets) return part.cards
      const over = new Set([...states].flatMap(([id, state]) => (state.over ? [id] : [])))
      return merged(
        before.filter(({ id }) => !over.has(id)),
        part.cards,
        order,
      )
    })
    setNext((before) => before ?? part.next)
  }, [part, order, states])

  const send = useCallback(
    async (card: Card, fields: FormData): Promise<DecisionReply> => {
      note(card.id, { busy: true })
      const reply: DecisionReply = await fetch(`/console/comments/${card.id}/decision`, {
        method: 'POST',
        body: fields,
      })
        .then((answer) => answer.json())
        .catch(() => ({ problems: { form: 'The server could not be reached. Try once more.' } }))
      note(card.id, 'done' in reply ? {} : { reply })
      if (!('done' in reply)) setWord(wordOf(reply))
      return reply
    },
    [note],
  )

  const decide = useCallback(
    async (card: Card, fields: FormData) => {
      const reply = await send(card, fields)
      if (!('done' in reply)) return
      const { words, leaves, count, undo, now } = reply.done
      const present = { ...card, ...now }
      if (undo) steps.current.push({ card: present, undo })
      setWord(`${words} “${opening(card.text, 60)}”.`)
      const copies = fields.get('copies') === 'all'
      setCards((before) =>
        leaves && filter.state !== 'all'
          ? before.filter(({ id }) => id !== card.id)
          : before.map((one) => (one.id === card.id ? present : one)),
      )
      if (leaves) setDecidedCount((before) => before + (copies ? count : 1))
    },
    [send, filter.state],
  )

  /** Takes the last step back; answers with the comment that it was about. */
  const undo = useCallback(async (): Promise<CommentId | null> => {
    const step = steps.current.pop()
    if (!step) return null
    const fields = new FormData()
    fields.set('what', step.undo.what)
    fields.set('revision', String(step.card.revision))
    if (step.undo.copies) fields.set('copies', 'all')
    if (step.undo.escalation) fields.set('escalation', step.undo.escalation)
    const reply = await send(step.card, fields)
    if (!('done' in reply)) return null
    setWord(`${reply.done.words} “${opening(step.card.text, 60)}”.`)
    const card = { ...step.card, ...reply.done.now }
    setCards((before) =>
      merged(
        before.filter(({ id }) => id !== card.id),
        [card],
        order,
      ),
    )
    if (step.undo.what === 'reopening') setDecidedCount((before) => Math.max(0, before - reply.done.count))
    return card.id
  }, [send, order])

  return {
    cards,
    next,
    states,
    word,
    decidedCount,
    note,
    loadMore,
    decide,
    undo,
    canUndo: steps.current.length > 0,
  }
}

const wordOf = (reply: Exclude<DecisionReply, { done: unknown }>) =>
  'refusal' in reply ? reply.refusal.because : (Object.values(reply.problems)[0] ?? '')

/** Both lists in one, in the list's order; of a card that is in both, the later. */
function merged(some: readonly Card[], others: readonly Card[], order: QueueFilter['order']): Card[] {
  const cards = new Map([...some, ...others].map((card) => [card.id, card]))
  const sign = order === 'newest' ? -1 : 1
  const harm = order === 'harm' ? (a: Card, b: Card) => b.harm - a.harm : () => 0
  return [...cards.values()].sort(
    (a, b) => harm(a, b) || sign * (a.postedAt.getTime() - b.postedAt.getTime() || (a.id < b.id ? -1 : 1)),
  )
}
