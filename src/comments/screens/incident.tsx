import { Form, Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { holdReasonTitle } from '../hold.ts'
import { holdsOf } from '../hold-store.ts'
import { figuresOf, hoursOf, slowingsOf } from '../incident-store.ts'
import type { Route } from './+types/incident'
import { IncidentHolds } from './incident-holds.tsx'
import { IncidentState } from './incident-parts.tsx'
import { incidentSubject } from './incident-subject.ts'
import { IncidentSummary } from './incident-summary.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await incidentSubject(context, params.id)
  const { db, now, policy } = installation(context)
  const me = signedIn(context).id
  const { id, at, ended_at } = subject.incident
  const to = ended_at ?? now()
  const [figures, hours, slowings, holds, records] = await Promise.all([
    figuresOf(db, id, at, to),
    hoursOf(db, id, at, to),
    slowingsOf(db, id),
    holdsOf(db, id),
    recordsAbout(db, { kind: 'incident', id }),
  ])
  return {
    ...subject,
    ...{ figures, hours, slowings, records },
    mayBeHeld: policy.incidents.holding !== null,
    holds: holds.map((hold) => ({
      ...hold,
      reasonTitle: holdReasonTitle(policy, hold.reason),
      mine: hold.by === me,
      inForce: hold.endsAt !== null && hold.endsAt > now() && !hold.endedAt,
    })),
  }
}

export default function IncidentScreen({ loaderData }: Route.ComponentProps) {
  const { incident, own, toHold, others, zone, figures, hours, slowings, holds, mayBeHeld, records } =
    loaderData
  const here = `/console/incidents/${incident.id}`
  const slowed = slowings.some((one) => !one.ended_at)
  return (
    <>
      <PageHeading title={incident.reason} lead={<IncidentState incident={incident} zone={zone} />}>
        {incident.ended_at && <PrintButton />}
        {!incident.ended_at && (
          <>
            {!slowed && own.length > 0 && (
              <Link className="usa-button" to={`${here}/slowing`}>
                Slow new authors
              </Link>
            )}
            {slowed && (
              <Form method="post" action={`${here}/slowing/end`}>
                <button className="usa-button" type="submit">
                  Slow nobody any more
                </button>
              </Form>
            )}
            {mayBeHeld && toHold.length > 0 && (
              <Link className="usa-button usa-button--outline" to={`${here}/holds/new`}>
                Hold comments for review
              </Link>
            )}
            <Form method="post" action={`${here}/end`}>
              <button className="usa-button usa-button--outline" type="submit">
                End the incident
              </button>
            </Form>
          </>
        )}
        <Link to="/console/comments?order=harm">The queue, harm first</Link>
        <Link to="/console/comments/posts">By post</Link>
      </PageHeading>
      <p>
        Declared by {incident.byName}, <When at={incident.at} zone={zone} />. Pages:{' '}
        {incident.pages.join(', ')}.{' '}
        {others.length > 0 &&
          `On platforms authors can’t be slowed, and comments can’t be held before they show: ${others.join(', ')}.`}
      </p>
      <IncidentHolds holds={holds} zone={zone} open={!incident.ended_at} />
      <IncidentSummary figures={figures} hours={hours} slowings={slowings} zone={zone} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}
