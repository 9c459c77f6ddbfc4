import { Fragment } from 'react'
import type { Change, Fact, Piece } from '../facts.ts'

/** What a record says, line by line. What stands above as its words is not repeated. */
export function Facts({ facts, words }: { facts: readonly Fact[]; words: string }) {
  const shown = facts.filter(({ value }) => value !== words)
  if (shown.length === 0) return null
  return (
    <>
      <h2>Content</h2>
      <dl className="pv-facts">
        {shown.map(({ name, value }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd className="text-pre-wrap">{value}</dd>
          </Fragment>
        ))}
      </dl>
    </>
  )
}

/** The version before and this one side by side, with the words that changed. */
export function Changes({ changes }: { changes: readonly Change[] }) {
  if (changes.length === 0) return null
  return (
    <>
      <h2>What changed</h2>
      {changes.map(({ name, pieces }) => (
        <section key={name} aria-label={name} className="grid-row grid-gap">
          <div className="tablet:grid-col-6">
            <h3>{name} before</h3>
            <Side pieces={pieces} without="after" />
          </div>
          <div className="tablet:grid-col-6">
            <h3>{name} in this record</h3>
            <Side pieces={pieces} without="before" />
          </div>
        </section>
      ))}
    </>
  )
}

function Side({ pieces, without }: { pieces: readonly Piece[]; without: 'before' | 'after' }) {
  return (
    <p className="pv-quote text-pre-wrap">
      {pieces
        .map((piece, n) => ({ ...piece, n }))
        .filter((piece) => piece.in !== without)
        .map(({ n, text, in: where }) =>
          where === 'both' ? (
            <span key={n}>{text}</span>
          ) : where === 'before' ? (
            <del key={n}>{text}</del>
          ) : (
            <ins key={n}>{text}</ins>
          ),
        )}
    </p>
  )
}
