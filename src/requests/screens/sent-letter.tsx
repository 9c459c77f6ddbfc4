import { data, Link } from 'react-router'
import { departmentProfile } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { installation } from '../../web/context.ts'
import { lettersOf } from '../letter-store.ts'
import { longDay } from '../long-day.ts'
import { contactOf } from '../receipt.ts'
import type { Route } from './+types/sent-letter'
import { foundRequest } from './found.ts'
import { requestPath } from './request-path.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const here = installation(context)
  const letter = (await lettersOf(here.db, request.id)).find((one) => one.id === params.letter)
  if (!letter) throw data('There is no such letter.', { status: 404 })
  const [profile, contact] = await Promise.all([departmentProfile(here.db), contactOf(here, request.id)])
  return { request, letter, department: profile?.name ?? '', from: profile?.contactAddress ?? '', contact }
}

export default function SentLetter({ loaderData }: Route.ComponentProps) {
  const { request, letter, department, from, contact } = loaderData
  const reached = contact.email ?? contact.address
  return (
    <>
      <div className="pv-no-print">
        <PageHeading title={letter.subject} lead={`Sent on ${longDay(letter.sentOn)} by ${letter.byName}.`}>
          <PrintButton>Print the letter</PrintButton>
          <Link className="usa-button usa-button--outline" to={requestPath(request.id)}>
            Back to the request
          </Link>
        </PageHeading>
        <p>
          {letter.recipient === 'supervisor'
            ? 'Send this petition to the supervisor of records. The requester has the copy that the law wants: it stands with their code.'
            : reached
              ? `The requester reads it with their code. Plainview sends no mail: send it to ${reached} as well.`
              : 'The requester reads it with their code. They left no address; print it for whoever comes by.'}
          {' Only the letter comes on paper when you print this page.'}
        </p>
      </div>
      <article className="pv-letter margin-top-3">
        <p className="text-pre-wrap">{[department, from].filter(Boolean).join('\n')}</p>
        <p>{longDay(letter.sentOn)}</p>
        <p className="text-pre-wrap">
          {letter.recipient === 'supervisor' ? '' : (contact.address ?? request.requesterName ?? '')}
        </p>
        <p className="text-bold">{letter.subject}</p>
        <p className="text-pre-wrap">{letter.body}</p>
      </article>
    </>
  )
}
