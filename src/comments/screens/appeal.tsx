import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/appeal'
import { AppealCase, Deciders } from './appeal-parts.tsx'
import { appealSubject } from './appeal-subject.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await appealSubject(context, params.id)
  const records = await recordsAbout(installation(context).db, { kind: 'comment', id: subject.card.id })
  return { subject, records }
}

export default function AppealScreen({ loaderData: { subject, records } }: Route.ComponentProps) {
  const { appeal, mayDecide, zone, card } = subject
  const { decision } = appeal
  return (
    <>
      <PageHeading
        title={`Appeal about a comment of ${card.authorName}`}
        lead={
          decision
            ? decision.outcome === 'reversed'
              ? 'What was appealed is taken back.'
              : 'What was appealed stands.'
            : appeal.overdue
              ? `Overdue: it was to be decided by ${appeal.due}.`
              : `To be decided by ${appeal.due}.`
        }
      >
        {!decision && mayDecide && (
          <Link className="usa-button" to={`/console/appeals/${appeal.id}/decision`}>
            Decide
          </Link>
        )}
        <Link className="usa-button usa-button--outline" to={`/console/comments/${card.id}`}>
          The comment
        </Link>
      </PageHeading>
      <AppealCase subject={subject} />
      {decision ? (
        <section aria-labelledby="decision">
          <h2 id="decision">Decision</h2>
          <p className="text-pre-wrap">{decision.reasons}</p>
          <p className="pv-quiet">
            {decision.byName}, <When at={decision.at} zone={zone} />
          </p>
        </section>
      ) : (
        <Deciders subject={subject} />
      )}
      <Timeline entries={records} zone={zone} />
    </>
  )
}
