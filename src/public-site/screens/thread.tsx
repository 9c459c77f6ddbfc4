import type { Thread as ThreadOf } from '../../comments/comments.ts'
import { type Place, RemarkText } from './remark-text.tsx'

/** A comment and the first answers to it; a long thread is folded, and leads to where all of it stands. */
export function Thread({ thread: { first, answers, count }, ...place }: Place & { thread: ThreadOf }) {
  return (
    <div className="pv-thread">
      <RemarkText remark={first} {...place} />
      {answers.length > 0 && (
        <div className="pv-answers">
          {answers.map((answer) => (
            <RemarkText key={answer.id} remark={answer} {...place} />
          ))}
          {count > answers.length && (
            <p className="margin-top-0">
              <a href={`${place.here}/comments/${first.id}#answers`}>
                Show all {count.toLocaleString('en-US')} replies
                <span className="usa-sr-only"> to {first.authorName}</span>
              </a>
            </p>
          )}
        </div>
      )}
    </div>
  )
}
