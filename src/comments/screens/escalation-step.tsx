import type { ReactNode } from 'react'
import { Form, Link } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import type { Reply } from './decision-form.ts'
import { EscalationFacts } from './escalation-facts.tsx'
import type { foundEscalation } from './found-escalation.ts'

/** One step with an escalation, by itself. */
export function EscalationStep({
  title,
  lead,
  button,
  found: { escalation, kind, zone, moderates },
  reply,
  children,
}: {
  title: string
  lead: string
  button: string
  found: Awaited<ReturnType<typeof foundEscalation>>
  reply: Reply | undefined
  children?: ReactNode
}) {
  return (
    <>
      <PageHeading title={title} lead={lead} />
      {reply?.refusal && <Refusal decision={reply.refusal} />}
      <ErrorSummary problems={reply?.problems ?? {}} />
      <p className="pv-quote">{escalation.text}</p>
      <EscalationFacts
        escalation={escalation}
        receiver={kind?.receiver ?? ''}
        zone={zone}
        moderates={moderates}
      />
      <Form method="post" className="maxw-tablet">
        {children}
        <button className="usa-button margin-top-2" type="submit">
          {button}
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/escalations/${escalation.id}`}>
          Leave it as it is
        </Link>
      </Form>
    </>
  )
}
