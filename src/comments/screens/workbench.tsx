import { useCallback, useEffect, useRef, useState } from 'react'
import { Link, useRevalidator } from 'react-router'
import { type CommentId, parseId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import type { QueuePart } from '../queue.ts'
import { isNarrowed, type QueueFilter } from '../queue-filter.ts'
import type { ListFacts } from './card-decisions.tsx'
import { queueAddress } from './queue-address.ts'
import { QueueBar } from './queue-bar.tsx'
import { useQueueKeys } from './queue-keys.ts'
import { QueueList } from './queue-list.tsx'
import { useAttention } from './use-attention.ts'
import { useQueue } from './use-queue.ts'

/** Where a moderator works: the bar, the cards, and their keys. */
export function Workbench({
  part,
  filter,
  facts,
}: {
  part: QueuePart
  filter: QueueFilter
  facts: ListFacts
}) {
  const section = useRef<HTMLElement>(null)
  const shown = useRef<readonly CommentId[]>([])
  const [keys, setKeys] = useState(true)
  const [focused, setFocused] = useState<CommentId | null>(null)
  const { revalidate } = useRevalidator()
  const queue = useQueue(part, filter)
  const attention = useAttention(queueAddress(filter), part.at, shown, focused)
  const claims = attention?.claims ?? []

  const { note, undo, states } = queue
  useEffect(() => {
    for (const { comment, words } of attention?.decided ?? []) note(comment, { over: words })
  }, [attention, note])

  // What came back has the focus, once it is drawn: the list keeps the focused one in the document, however far away.
  const [back, setBack] = useState<CommentId | null>(null)
  const takeBack = useCallback(async () => {
    const id = await undo()
    if (!id) return
    setFocused(id)
    setBack(id)
  }, [undo])
  useEffect(() => {
    const card = back && cardOf(section.current, back)
    if (!card) return
    card.focus()
    setBack(null)
  })
  useQueueKeys(section, keys, {
    skips: (id) => claims.some(({ comment }) => comment === id) || Boolean(states.get(id as CommentId)?.over),
    undo: takeBack,
    takeIn: revalidate,
  })

  const left = (before: number) => Math.max(0, before - queue.decidedCount)
  return (
    <section
      ref={section}
      aria-label="Queue"
      onFocus={({ target }) =>
        setFocused(parseId<'comment'>(target.closest<HTMLElement>('[data-card]')?.dataset.card))
      }
    >
      <QueueBar
        waiting={attention?.waiting ?? left(part.waiting)}
        matching={part.matching === null ? null : (attention?.matching ?? left(part.matching))}
        arrived={attention?.arrived ?? 0}
        word={queue.word}
        canUndo={queue.canUndo}
        undo={takeBack}
        takeIn={revalidate}
        keys={{ on: keys, change: setKeys }}
        kinds={facts.kinds}
      />
      {queue.cards.length === 0 ? (
        <Nothing filtered={isNarrowed(filter)} />
      ) : (
        <QueueList
          cards={queue.cards}
          states={states}
          facts={facts}
          claims={claims}
          focused={focused}
          shown={shown}
          loadMore={queue.loadMore}
          decide={queue.decide}
        />
      )}
    </section>
  )
}

const cardOf = (section: HTMLElement | null, id: CommentId) =>
  section?.querySelector<HTMLElement>(`[data-card="${id}"]`)

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState title="No comment matches">
      <Link className="usa-button usa-button--outline" to="/console/comments">
        Show what waits
      </Link>
    </EmptyState>
  ) : (
    <EmptyState title="Nothing waits">
      <p>New comments are announced here a few seconds after they were captured.</p>
    </EmptyState>
  )
}
