import { Fragment, useEffect, useRef, useState } from 'react'
import type { EscalationKind } from '../../policy/policy.ts'
import { escalationKey } from './escalation-key.ts'

/** What stays in sight above the cards: how many wait, what was decided last and the way back, what is new, the keys. */
export function QueueBar({
  waiting,
  matching,
  arrived,
  word,
  canUndo,
  undo,
  takeIn,
  keys,
  kinds,
}: {
  waiting: number
  /** How many of the filter's there are; null where nothing is filtered. */
  matching: number | null
  arrived: number
  word: string
  canUndo: boolean
  undo(): void
  takeIn(): void
  keys: { on: boolean; change(on: boolean): void }
  kinds: readonly EscalationKind[]
}) {
  const many = arrived >= 1000 ? 'More than 1,000' : arrived.toLocaleString('en-US')
  return (
    <div className="pv-queue-bar">
      <p className="pv-queue-count">
        {matching !== null && (
          <>
            <strong>{matching.toLocaleString('en-US')}</strong> {matching === 1 ? 'matches' : 'match'};{' '}
          </>
        )}
        <strong>{waiting.toLocaleString('en-US')}</strong> {waiting === 1 ? 'waits' : 'wait'}
        {matching !== null && ' in all'}
      </p>
      <p className="pv-queue-word" role="status">
        {word}
      </p>
      {canUndo && (
        <button className="usa-button usa-button--unstyled" type="button" data-key="u" onClick={undo}>
          Undo{' '}
          <span className="pv-key" aria-hidden="true">
            u
          </span>
        </button>
      )}
      {arrived > 0 && (
        <button className="usa-button usa-button--outline" type="button" data-key="n" onClick={takeIn}>
          {many} new{' '}
          <span className="pv-key" aria-hidden="true">
            n
          </span>
        </button>
      )}
      <Arrivals arrived={arrived} words={`${many} new ${arrived === 1 ? 'comment' : 'comments'} arrived.`} />
      <KeyHelp {...keys} kinds={kinds} />
    </div>
  )
}

const betweenAnnouncements = 30_000

/** Tells a screen reader of arrivals, not more often than it can be borne. */
function Arrivals({ arrived, words }: { arrived: number; words: string }) {
  const [said, say] = useState('')
  const last = useRef(0)
  useEffect(() => {
    if (arrived === 0) say('')
    else if (Date.now() - last.current > betweenAnnouncements) {
      last.current = Date.now()
      say(words)
    }
  }, [arrived, words])
  return (
    <p className="usa-sr-only" aria-live="polite">
      {said}
    </p>
  )
}

function KeyHelp({
  on,
  change,
  kinds,
}: {
  on: boolean
  change(on: boolean): void
  kinds: readonly EscalationKind[]
}) {
  const rows: [string, string][] = [
    ['j ↓', 'next that nobody looks at'],
    ['p ↑', 'the one before'],
    ['k', 'keep'],
    ['h 1–9', 'hide, for the reason with that number'],
    ['Shift + k, h', 'the same for all identical ones'],
    ['a 1–9', 'ask a colleague; where you are asked, write your advice'],
    ...kinds.map((kind): [string, string] => [escalationKey(kind), `${kind.title}: tell ${kind.receiver}`]),
    ['r', 'show a hidden one again'],
    ['v', 'show the next picture; after the last, blur them'],
    ['u', 'undo'],
    ['n', 'take in what is new'],
    ['Esc', 'close the choices'],
  ]
  return (
    <details className="pv-key-help">
      <summary data-key="?">Keys</summary>
      <div className="pv-key-list">
        <dl>
          {rows.map(([key, does]) => (
            <Fragment key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{does}</dd>
            </Fragment>
          ))}
        </dl>
        <div className="usa-checkbox">
          <input
            className="usa-checkbox__input"
            id="keys"
            type="checkbox"
            checked={on}
            onChange={(event) => change(event.target.checked)}
          />
          <label className="usa-checkbox__label" htmlFor="keys">
            Use these keys
          </label>
        </div>
      </div>
    </details>
  )
}
