import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { CommentId } from '../../storage/ids.ts'
import type { Card } from '../card.ts'
import type { Attention } from './attention.ts'
import type { ListFacts } from './card-decisions.tsx'
import { CommentCard } from './comment-card.tsx'
import type { CardState } from './use-queue.ts'

/** As high as a usual card, in pixels; each is measured when it is drawn. */
const usualHeight = 300
/** Cards drawn beyond what one sees, so that the next key always finds its card. */
const beyond = 5

/**
 * The cards, of which only those near the screen are in the document: thousands cost no more than twenty. Before scripts
 * run, and without them, all of the part are there.
 */
export function QueueList({
  cards,
  states,
  facts,
  claims,
  focused,
  shown,
  loadMore,
  decide,
}: {
  cards: readonly Card[]
  states: ReadonlyMap<CommentId, CardState>
  facts: ListFacts
  claims: Attention['claims']
  focused: CommentId | null
  /** Filled with the comments that are in the document. */
  shown: RefObject<readonly CommentId[]>
  loadMore(): void
  decide(card: Card, fields: FormData): void
}) {
  const list = useRef<HTMLUListElement>(null)
  const [alive, setAlive] = useState(false)
  const [top, setTop] = useState(0)
  useEffect(() => setAlive(true), [])
  useLayoutEffect(() => {
    const at = list.current ? list.current.getBoundingClientRect().top + window.scrollY : 0
    if (Math.abs(at - top) > 1) setTop(at)
  })
  const place = cards.findIndex(({ id }) => id === focused)
  const virtual = useWindowVirtualizer({
    count: cards.length,
    estimateSize: () => usualHeight,
    overscan: beyond,
    scrollMargin: top,
    getItemKey: (index) => cards[index]?.id ?? index,
    // The card with the focus and its neighbours stay in the document, wherever one has scrolled.
    rangeExtractor: (range) => {
      const near = place < 0 ? [] : [place - 1, place, place + 1].filter((at) => at >= 0 && at < cards.length)
      return [...new Set([...defaultRangeExtractor(range), ...near])].sort((a, b) => a - b)
    },
  })
  const items = alive
    ? virtual.getVirtualItems()
    : cards.map((_, index) => ({ index, start: 0, end: 0, key: index }))
  shown.current = items.flatMap(({ index }) => cards[index]?.id ?? [])
  const last = items.at(-1)
  useEffect(() => {
    if (alive && (last?.index ?? -1) >= cards.length - 1 - beyond) loadMore()
  }, [alive, last?.index, cards.length, loadMore])

  let end = top
  return (
    <ul
      ref={list}
      className="pv-queue add-list-reset"
      style={
        alive ? { paddingBottom: Math.max(0, top + virtual.getTotalSize() - (last?.end ?? top)) } : undefined
      }
    >
      {items.map(({ index, start, end: itsEnd }) => {
        const card = cards[index]
        if (!card) return null
        const gap = alive ? Math.max(0, start - end) : 0
        end = itsEnd
        return (
          <li
            key={card.id}
            ref={alive ? virtual.measureElement : undefined}
            data-index={index}
            style={gap > 0 ? { marginTop: gap } : undefined}
          >
            <CommentCard
              card={card}
              facts={facts}
              state={states.get(card.id) ?? {}}
              claimedBy={claims.find(({ comment }) => comment === card.id)?.name ?? null}
              decide={decide}
            />
          </li>
        )
      })}
    </ul>
  )
}
