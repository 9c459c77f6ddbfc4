import { Link } from 'react-router'
import { When } from '../../web/components/when.tsx'
import type { AppealSubject } from './appeal-subject.ts'
import { CommentText, PostOf } from './comment-text.tsx'

/** What an appeal is about: the comment, why it was removed, and what its author says. */
export function AppealCase({ subject }: { subject: AppealSubject }) {
  const { appeal, against, card, zone } = subject
  return (
    <>
      <article className="pv-card margin-bottom-2">
        <CommentText card={card} zone={zone} />
        <PostOf card={card} />
        <p className="margin-bottom-0">
          {against.kind === 'removal' ? (
            `Removed by ${against.by}`
          ) : (
            <>
              Its author was <Link to={`/console/blocks/${against.id}`}>blocked</Link> by {against.by}
            </>
          )}{' '}
          on <When at={against.at} zone={zone} />. Reason: {against.reason} (
          <a href={`/console/policy/${against.clause}`}>{against.clause}</a>).
        </p>
      </article>
      <h2>What the author says</h2>
      <p className="pv-quote text-pre-wrap">{appeal.text}</p>
      <p className="pv-quiet">
        Received <When at={appeal.receivedAt} zone={zone} />,{' '}
        {appeal.filedBy === 'code'
          ? 'with the code of the notice.'
          : 'by the comment’s address and a name. Anybody can know those: decide on the comment, not on who asks.'}
      </p>
    </>
  )
}

const anyOf = new Intl.ListFormat('en-US', { type: 'disjunction' })

/** Who decides on this appeal, said plainly when few are left. */
export function Deciders({ subject: { deciders, moderatorsLeft } }: { subject: AppealSubject }) {
  if (deciders.length === 0)
    return (
      <div className="usa-alert usa-alert--warning">
        <div className="usa-alert__body">
          <h2 className="usa-alert__heading">Nobody is left who may decide</h2>
          <p className="usa-alert__text">
            Everybody who decides on appeals had a part in this. The chief executive can appoint a designee,
            or make somebody else a moderator.
          </p>
        </div>
      </div>
    )
  return (
    <p>
      {!moderatorsLeft && 'No other moderator is left, so this goes to the chief executive or a designee. '}
      It can be decided by {anyOf.format(deciders)}.
    </p>
  )
}
