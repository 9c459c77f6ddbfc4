import type { Remark } from '../../comments/comments.ts'
import { When } from '../../web/components/when.tsx'

/** Where a comment stands, for its links. */
export interface Place {
  /** The post's own address. */
  here: string
  zone: string
  /** Whether the page takes comments. */
  open: boolean
}

/** A comment as a reader sees it, or the notice in its place. The time is the way to the comment by itself. */
export function RemarkText({ remark, here, zone, open }: Place & { remark: Remark }) {
  const its = `${here}/comments/${remark.id}`
  return (
    <article
      className={`pv-remark margin-bottom-2 ${remark.official ? 'pv-remark--official' : ''}`}
      id={`comment-${remark.id}`}
      aria-label={labelOf(remark)}
    >
      {remark.text !== null ? (
        <>
          <p className="margin-y-0">
            <strong>{remark.authorName}</strong>{' '}
            {remark.official && (
              <>
                <span className="usa-tag pv-tag pv-tag--info">Official answer of the department</span>{' '}
              </>
            )}
            <span className="pv-quiet">
              {remark.inReplyTo && (
                <>
                  to{' '}
                  <a href={`${here}/comments/${remark.inReplyTo.id}`}>
                    {remark.inReplyTo.name ?? 'a comment that is gone'}
                  </a>
                  ,{' '}
                </>
              )}
              <a href={its}>
                <When at={remark.postedAt} zone={zone} />
              </a>
              {remark.editedAt && ', changed'}
            </span>
          </p>
          {remark.standing === 'held' && (
            <p className="pv-quiet margin-y-0">Held for review: only you see it until it is shown.</p>
          )}
          <p className="text-pre-wrap margin-y-05">{remark.text}</p>
          <p className="pv-remark-ways font-body-2xs">
            {open && remark.standing === 'shown' && (
              <a href={`${here}?answer=${remark.id}#comment-form`}>Answer</a>
            )}
            {!remark.mine && !remark.official && (
              <a href={`${its}/report`} rel="nofollow">
                Report<span className="usa-sr-only"> the comment of {remark.authorName}</span>
              </a>
            )}
            {remark.editable && <a href={`${its}/edit`}>Change</a>}
            {remark.frozen && <span className="pv-quiet">Can’t be changed during the hold</span>}
            {remark.mine && <a href={`${its}/deletion`}>Delete</a>}
          </p>
        </>
      ) : (
        <p className="pv-quiet margin-y-0">
          {remark.standing === 'deleted' ? (
            remark.official ? (
              'The department took an answer back here.'
            ) : (
              'The author deleted this comment.'
            )
          ) : remark.standing === 'held' ? (
            'A comment here is held for review.'
          ) : (
            <>
              A comment was removed here. Reason: {remark.removal?.reason.toLowerCase()} (policy{' '}
              <a href={`/policy#${remark.removal?.clause}`}>{remark.removal?.clause}</a>).{' '}
              {remark.appealAt ? (
                <>
                  It was yours: <a href={remark.appealAt}>appeal the removal</a>.
                </>
              ) : (
                <a href={`/comment-appeals/new?${new URLSearchParams({ comment: its })}`}>
                  Was it yours? Appeal
                </a>
              )}
            </>
          )}{' '}
          <a href={its}>
            <When at={remark.postedAt} zone={zone} />
          </a>
        </p>
      )}
    </article>
  )
}

/** Nobody is named whose comment is not shown. */
function labelOf({ text, official, authorName }: Remark): string {
  if (text === null) return 'A comment that is not shown'
  return official ? 'Answer of the department' : `Comment of ${authorName}`
}
