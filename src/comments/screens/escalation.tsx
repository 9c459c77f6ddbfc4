import { readable, recordsAbout } from '../../archive/archive.ts'
import { whoIs } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { StepLinks } from '../../web/components/step-links.tsx'
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
  const next: [to: string, label: string][] = []
  if (steps.acknowledgement) next.push(['acknowledgement', 'Take it up'])
  if (steps.closure) next.push(['closure', 'Close it'])
  if (steps.withdrawal) next.push(['withdrawal', 'Take it back'])
  return (
    <>
      <PageHeading
        title={`${kind?.title ?? escalation.kind}: a comment of ${escalation.author}`}
        lead={kind?.covers}
      >
        <StepLinks at={`/console/escalations/${escalation.id}`} steps={next} />
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
