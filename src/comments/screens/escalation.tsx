import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/escalation'
import { EscalationFacts } from './escalation-facts.tsx'
import { foundEscalation } from './found-escalation.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const found = await foundEscalation(context, params.id)
  const { db } = installation(context)
  return { ...found, records: await recordsAbout(db, { kind: 'comment', id: found.escalation.comment }) }
}

export default function EscalationScreen({ loaderData }: Route.ComponentProps) {
  const { escalation, kind, zone, moderates, steps, records } = loaderData
  const here = `/console/escalations/${escalation.id}`
  const links: [boolean, string, string][] = [
    [steps.acknowledgement, `${here}/acknowledgement`, 'Take it up'],
    [steps.closure, `${here}/closure`, 'Close it'],
    [steps.withdrawal, `${here}/withdrawal`, 'Take it back'],
  ]
  return (
    <>
      <PageHeading
        title={`${kind?.title ?? escalation.kind}: a comment of ${escalation.author}`}
        lead={kind?.covers}
      >
        {links
          .filter(([may]) => may)
          .map(([, to, title], n) => (
            <Link key={to} className={`usa-button ${n > 0 ? 'usa-button--outline' : ''}`} to={to}>
              {title}
            </Link>
          ))}
      </PageHeading>
      <EscalationFacts
        escalation={escalation}
        receiver={kind?.receiver ?? ''}
        zone={zone}
        moderates={moderates}
      />
      <Timeline entries={records} zone={zone} />
    </>
  )
}
