import type { Conversation, Remark } from '../../comments/comments.ts'
import { When } from '../../web/components/when.tsx'

/** A comment and what was answered to it. */
export function Thread({
  thread: { first, answers },
  ...place
}: {
  thread: Conversation['threads'][number]
  here: string
  zone: string
  open: boolean
}) {
  return (
    <div className="pv-thread">
      <RemarkText remark={first} {...place} />
      {answers.length > 0 && (
        <div className="pv-answers">
          {answers.map((answer) => (
            <RemarkText key={answer.id} remark={answer} {...place} />
          ))}
        </div>
      )}
    </div>
  )
}

function RemarkText({
  remark,
  here,
  zone,
  open,
}: {
  remark: Remark
  here: string
  zone: string
  open: boolean
}) {
  const its = `${here}/comments/${remark.id}`
  return (
    <article
      className="pv-remark margin-bottom-2"
      id={`comment-${remark.id}`}
      aria-label={`Comment of ${remark.authorName}`}
    >
      {remark.standing === 'shown' ? (
        <>
          <p className="margin-y-0">
            <strong>{remark.authorName}</strong>{' '}
            <span className="pv-quiet">
              {remark.inReplyTo && (
                <>
                  to <a href={`#comment-${remark.inReplyTo.id}`}>{remark.inReplyTo.name}</a>,{' '}
                </>
              )}
              <When at={remark.postedAt} zone={zone} />
              {remark.editedAt && ', changed'}
            </span>
          </p>
          <p className="text-pre-wrap margin-y-05">{remark.text}</p>
          <p className="margin-y-0 font-body-2xs">
            {open && <a href={`${here}?answer=${remark.id}#comment-form`}>Answer</a>}
            {!remark.mine && (
              <>
                {' '}
                <a href={`${its}/report`}>
                  Report<span className="usa-sr-only"> the comment of {remark.authorName}</span>
                </a>
              </>
            )}
            {remark.editable && (
              <>
                {' '}
                <a href={`${its}/edit`}>Change</a>
              </>
            )}
            {remark.mine && (
              <>
                {' '}
                <a href={`${its}/deletion`}>Delete</a>
              </>
            )}
          </p>
        </>
      ) : (
        <p className="pv-quiet margin-y-0">
          {remark.standing === 'deleted' ? (
            'The author deleted this comment.'
          ) : (
            <>
              A comment was removed here. Reason: {remark.removal?.reason.toLowerCase()} (policy{' '}
              <a href={`/policy#${remark.removal?.clause}`}>{remark.removal?.clause}</a>).{' '}
              {remark.appealAt ? (
                <>
                  It was yours: <a href={remark.appealAt}>appeal the removal</a>.
                </>
              ) : (
                <a
                  href={`/comment-appeals/new?${new URLSearchParams({ comment: `${here}#comment-${remark.id}` })}`}
                >
                  Was it yours? Appeal
                </a>
              )}
            </>
          )}{' '}
          <When at={remark.postedAt} zone={zone} />
        </p>
      )}
    </article>
  )
}
