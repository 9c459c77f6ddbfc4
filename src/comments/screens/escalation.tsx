import { Link } from 'react-router'
import { readable, recordsAbout } from '../../archive/archive.ts'
import { whoIs } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { notePassedOnOpening, passedOn } from '../passed-on.ts'
import type { Route } from './+types/escalation'
import { EscalationFacts } from './escalation-facts.tsx'
import { foundEscalation } from './found-escalation.ts'
import { PassedOnComment } from './passed-on-comment.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const found = await foundEscalation(context, params.id)
  const here = installation(context)
  const { escalation, decision } = found
  const person = signedIn(context)
  await notePassedOnOpening(here, person, decision, escalation)
  const [comment, records] = await Promise.all([
    passedOn(here, escalation),
    recordsAbout(here.db, { kind: 'comment', id: escalation.comment }),
  ])
  return { ...found, comment, records: await readable(here, whoIs(person), records) }
}

export default function EscalationScreen({ loaderData }: Route.ComponentProps) {
  const { escalation, kind, zone, moderates, steps, records, comment } = loaderData
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
      <PassedOnComment comment={comment} escalation={escalation.id} zone={zone} />
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
