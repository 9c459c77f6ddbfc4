import { data, Form, redirect } from 'react-router'
import { departmentProfile, timeZoneOf } from '../../department/department.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { When } from '../../web/components/when.tsx'
import { clientAddress, installation } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { readCode } from '../code.ts'
import { longDay } from '../long-day.ts'
import { writeByCode } from '../message.ts'
import { requestByCode, todayHere } from '../receipt.ts'
import { reviewProgress } from '../review-store.ts'
import { standing } from '../standing.ts'
import { productionsOf } from '../store.ts'
import type { Route } from './+types/public-request'
import { conversationOf } from './conversation.ts'
import { Appeal, Downloads, Said } from './public-parts.tsx'
import { type Reply, reply } from './reply.ts'

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: `Request ${loaderData?.number ?? ''}` },
  { name: 'robots', content: 'noindex' },
]
// The code in the address opens the request, so no cache may keep the page. No other site learns the address (server.ts);
// a stricter Referrer-Policy would hide the form's own origin, and without scripts the form would be refused.
export const headers = () => ({ 'Cache-Control': 'no-store' })

export async function loader({ params, request, context }: Route.LoaderArgs) {
  const here = installation(context)
  const found = await requestByCode(here, params.code)
  if (!found)
    throw data('No request has this code. Check it against our letter, or ask us by telephone.', {
      status: 404,
    })
  const { db, policy } = here
  const [profile, today, productions, progress, said] = await Promise.all([
    departmentProfile(db),
    todayHere(here),
    productionsOf(db, found.id),
    reviewProgress(db, found.id),
    conversationOf(db, found, policy.recordsLaw.supervisor),
  ])
  const downloads = productions.flatMap((one) =>
    one.releasedAt && one.bag
      ? [
          {
            id: one.id,
            at: one.releasedAt,
            records: one.records,
            withheld: one.withheld,
            bytes: one.bag.bytes,
            sha256: one.bag.sha256,
          },
        ]
      : [],
  )
  const exemptions = new Set(found.closure?.exemptions ?? [])
  return {
    isNew: new URL(request.url).searchParams.has('new'),
    address: `${here.baseUrl}/records-requests/${readCode(params.code)}`,
    code: readCode(params.code) ?? '',
    department: profile?.name ?? 'The department',
    zone: timeZoneOf(profile),
    number: found.number,
    text: found.text,
    receivedOn: found.receivedOn,
    status: standing(found, {
      reviewed: progress.reviewed,
      ready: downloads.length,
      today,
      supervisor: policy.recordsLaw.supervisor,
    }),
    said,
    downloads,
    answered: found.closure !== null,
    appeal: {
      to: policy.recordsLaw.appealTo,
      days: policy.recordsLaw.appealDays,
      businessDays: policy.recordsLaw.appealBusinessDays,
      law: policy.exemptionLaw,
      exemptions: policy.exemptions
        .filter((one) => exemptions.has(one.letter))
        .map(({ letter, title }) => ({ letter, title })),
    },
  }
}

export async function action({ params, request, context }: Route.ActionArgs) {
  const text = String((await formOf(request)).get('text') ?? '')
  const answer = await writeByCode(installation(context), params.code, text, clientAddress(context))
  if ('done' in answer) throw redirect(`/records-requests/${params.code}#said`)
  return reply(answer, { text })
}

export default function FollowRequest({ loaderData: request, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {} } = (actionData ?? {}) as Reply
  return (
    <>
      <PageHeading title={`Records request ${request.number}`} lead={request.status}>
        <PrintButton />
      </PageHeading>
      <ErrorSummary problems={problems} />
      {request.isNew && (
        <div className="usa-alert usa-alert--success" role="status">
          <div className="usa-alert__body">
            <h2 className="usa-alert__heading">We have your request</h2>
            <p className="usa-alert__text">
              Keep this address or the code <strong>{request.code}</strong>. It is the only way to follow the
              request and to take the records: {request.address}
            </p>
          </div>
        </div>
      )}
      <h2>What you asked for</h2>
      <p className="text-pre-wrap">{request.text}</p>
      <p>It counts as received on {longDay(request.receivedOn)}.</p>
      <h2>Records</h2>
      <Downloads
        code={request.code}
        downloads={request.downloads}
        answered={request.answered}
        zone={request.zone}
      />
      <h2 id="said">Letters and messages</h2>
      {request.said.length === 0 && <p>Nothing yet. Our letters will stand here.</p>}
      {request.said.map((one) => (
        <Said key={one.id} title={one.title} text={one.text}>
          <When at={one.at} zone={request.zone} />
        </Said>
      ))}
      <Form method="post" className="usa-form maxw-tablet" key={request.said.length}>
        <Field
          label="Write to us"
          name="text"
          hint="A question, an answer, a wish for other records. Files can’t be attached; bring or post them."
          multiline
          rows={4}
          problem={problems.text}
          defaultValue={typed.text}
        />
        <button type="submit" className="usa-button">
          Send
        </button>
      </Form>
      <Appeal appeal={request.appeal} number={request.number} />
    </>
  )
}
