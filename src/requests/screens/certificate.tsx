import { data, Form, redirect } from 'react-router'
import { version } from '../../../package.json'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { prepareCertificate } from '../certificate.ts'
import { certificatesOf, productionProof } from '../certificate-store.ts'
import { productionById } from '../store.ts'
import type { Route } from './+types/certificate'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Certificate for a court' }]

async function found(context: Route.LoaderArgs['context'], params: Route.LoaderArgs['params']) {
  const request = await foundRequest(context, params.id)
  const id = parseId<'production'>(params.production)
  const production = id && (await productionById(installation(context).db, id))
  if (!production?.bag || production.request !== request.id)
    throw data('There is no such production, or it isn’t ready yet.', { status: 404 })
  return { request, production }
}

export async function loader({ params, context }: Route.LoaderArgs) {
  const { request, production } = await found(context, params)
  const { db, policy } = installation(context)
  const person = signedIn(context)
  const decision = policy.decide(whoIs(person), 'request.certify', { type: 'Request', id: request.id })
  const [proof, zone, certificates] = await Promise.all([
    productionProof(db, production.id),
    timeZoneHere(db),
    certificatesOf(db, production.id),
  ])
  return {
    request,
    production: production.id,
    refusal: decision.allowed ? null : decision,
    zone,
    certificates,
    timestamp: proof?.timestamp ?? null,
    person: { name: person.name, title: person.title },
  }
}

export async function action({ request: sent, params, context }: Route.ActionArgs) {
  const { request, production } = await found(context, params)
  const form = await formOf(sent)
  const typed = { custodian: String(form.get('custodian') ?? ''), title: String(form.get('title') ?? '') }
  const here = installation(context)
  const answer = await prepareCertificate(here, signedIn(context), production.id, typed, version)
  if ('done' in answer) throw redirect(`${requestPath(request.id)}/productions/${production.id}/certificate`)
  return reply(answer, typed)
}

export default function Certificate({ loaderData, actionData }: Route.ComponentProps) {
  const { request, production, zone, timestamp, person, certificates } = loaderData
  const { problems = {}, typed, refusal = loaderData.refusal } = (actionData ?? {}) as Reply
  const path = `${requestPath(request.id)}/productions/${production}`
  return (
    <>
      <RequestHeading
        request={request}
        title={`Certificate for ${request.number}`}
        lead="A statement, for the custodian to sign, that the records are genuine and the copy is true (Federal Rules of Evidence 902(11), (13) and (14))."
      />
      <ErrorSummary problems={problems} />
      {certificates.length > 0 && (
        <ul className="usa-list">
          {certificates.map((one) => (
            <li key={one.id}>
              <a href={`${path}/certificates/${one.id}`} download>
                Certificate for {one.custodian}, {one.title}
              </a>
              , prepared <When at={one.at} zone={zone} />. SHA-256 <code>{one.sha256}</code>
            </li>
          ))}
        </ul>
      )}
      {refusal ? (
        <Refusal decision={refusal} />
      ) : (
        <Form method="post" className="measure-5">
          <p>
            {timestamp ? (
              <>
                {timestamp.signer} has confirmed the log with these records,{' '}
                <When at={timestamp.at} zone={zone} />. The certificate says so.
              </>
            ) : (
              'No time authority has confirmed the log with these records yet, and the certificate says that. If there will be a timestamp soon, wait for it.'
            )}
          </p>
          <Field
            label="Name of the custodian who signs"
            name="custodian"
            required
            defaultValue={typed?.custodian ?? person.name}
            problem={problems.custodian}
          />
          <Field
            label="Title"
            name="title"
            required
            defaultValue={typed?.title ?? person.title}
            problem={problems.title}
          />
          <button className="usa-button margin-top-2" type="submit">
            Prepare the certificate (PDF)
          </button>
        </Form>
      )}
      <h2>Before it is signed</h2>
      <ul className="usa-list measure-5">
        <li>
          Read it. Whoever signs declares under penalty of perjury, and must know that each sentence is so.
        </li>
        <li>Run the check that it names on the very copy that goes to court, and tick what you have done.</li>
        <li>
          Counsel gives the other side reasonable written notice before the trial or hearing, and lets them
          inspect the records and the certificate. Courts of the states have rules of their own.
        </li>
      </ul>
      <p>
        <a href={`${requestPath(request.id)}/production`}>Back to the productions</a>
      </p>
    </>
  )
}
