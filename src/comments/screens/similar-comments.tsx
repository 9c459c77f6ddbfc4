import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import type { Similar } from '../similar.ts'

/** What waits and reads nearly the same. Each is decided by itself: one word can turn the sense. */
export function SimilarComments({ copies, similar }: { copies: number; similar: readonly Similar[] }) {
  if (similar.length === 0 && copies === 0) return null
  return (
    <section className="margin-y-2">
      <h2>Like this one</h2>
      {copies > 0 && (
        <p>
          {copies.toLocaleString('en-US')} identical {copies === 1 ? 'comment waits' : 'comments wait'}. The
          queue decides about all of them with one key.
        </p>
      )}
      <ul className="usa-list">
        {similar.map(({ id, name, text, likeness }) => (
          <li key={id}>
            <Link to={`/console/comments/${id}`}>{name}</Link>: {opening(text, 160)}{' '}
            <span className="pv-quiet">({Math.round(likeness * 100)} % alike)</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
