import { data } from 'react-router'
import { Temporal } from 'temporal-polyfill'
import { departmentProfile } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { readCode } from '../code.ts'
import { clockOn } from '../deadline.ts'
import { longDay } from '../long-day.ts'
import { outcomes } from '../outcomes.ts'
import { officeCalendar, requestByCode, todayHere } from '../receipt.ts'
import { productionsOf } from '../store.ts'
import type { Route } from './+types/public-request'
import { clockSentence } from './clock.tsx'
import { sizeOf } from './size.ts'

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: `Request ${loaderData?.number ?? ''}` },
  { name: 'robots', content: 'noindex' },
]
// The code in the address opens the request, so no other site may learn the address and no cache may keep the page.
export const headers = () => ({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' })

export async function loader({ params, request, context }: Route.LoaderArgs) {
  const here = installation(context)
  const found = await requestByCode(here, params.code)
  if (!found)
    throw data('No request has this code. Check it against our letter, or ask us by telephone.', {
      status: 404,
    })
  const { db } = here
  const [profile, today, calendar, productions] = await Promise.all([
    departmentProfile(db),
    todayHere(here),
    officeCalendar(db, here.policy),
    productionsOf(db, found.id),
  ])
  const exemptions = new Set(found.closure?.exemptions ?? [])
  return {
    isNew: new URL(request.url).searchParams.has('new'),
    address: `${here.baseUrl}/records-requests/${readCode(params.code)}`,
    code: readCode(params.code) ?? '',
    department: profile?.name ?? 'The department',
    zone: profile?.timeZone ?? 'America/New_York',
    number: found.number,
    text: found.text,
    receivedOn: found.receivedOn,
    responseDue: found.responseDue,
    due: found.due,
    clock: clockOn(
      Temporal.PlainDate.from(today),
      { ...found, answeredOn: found.closure?.closedOn ?? null },
      calendar,
    ),
    acknowledgement: found.acknowledgement && {
      text: found.acknowledgement.text,
      sentOn: found.acknowledgement.sentOn,
    },
    extensions: found.extensions.map(({ due, reason, basis }) => ({ due, reason, basis })),
    closure: found.closure && {
      outcome: outcomes[found.closure.outcome],
      answer: found.closure.answer,
      closedOn: found.closure.closedOn,
      exemptions: here.policy.exemptions
        .filter((one) => exemptions.has(one.letter))
        .map(({ letter, title }) => ({ letter, title })),
    },
    downloads: productions.flatMap((one) =>
      one.releasedAt && one.bag
        ? [
            {
              id: one.id,
              at: one.releasedAt,
              records: one.records,
              bytes: one.bag.bytes,
              sha256: one.bag.sha256,
            },
          ]
        : [],
    ),
  }
}

export default function FollowRequest({ loaderData: request }: Route.ComponentProps) {
  return (
    <>
      <PageHeading title={`Records request ${request.number}`} lead={clockSentence(request.clock)} />
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
      <h2>When you get an answer</h2>
      <p>
        The request counts as received on {longDay(request.receivedOn)}. {request.department} answers in
        writing by {longDay(request.responseDue)}
        {request.due === request.responseDue ? '.' : `, and provides the records by ${longDay(request.due)}.`}
      </p>
      <h2>What we told you</h2>
      {!request.acknowledgement && !request.closure && request.extensions.length === 0 && (
        <p>Nothing yet. Our answers will stand here.</p>
      )}
      {request.acknowledgement && (
        <Message
          title={`First answer, ${longDay(request.acknowledgement.sentOn)}`}
          text={request.acknowledgement.text}
        />
      )}
      {request.extensions.map((one) => (
        <Message key={one.basis} title={`More time, until ${longDay(one.due)}`} text={one.reason} />
      ))}
      {request.closure && (
        <Message
          title={`${request.closure.outcome}, ${longDay(request.closure.closedOn)}`}
          text={request.closure.answer}
        >
          {request.closure.exemptions.length > 0 && (
            <ul className="usa-list">
              {request.closure.exemptions.map((one) => (
                <li key={one.letter}>
                  Exemption ({one.letter}), M.G.L. c. 4 § 7 cl. 26: {one.title}
                </li>
              ))}
            </ul>
          )}
        </Message>
      )}
      <h2>Records</h2>
      {request.downloads.length === 0 ? (
        <p>No records are ready yet. When they are, you download them here.</p>
      ) : (
        <ul className="usa-list">
          {request.downloads.map((one) => (
            <li key={one.id}>
              <a href={`/records-requests/${request.code}/productions/${one.id}`} download>
                Download {one.records.toLocaleString('en-US')} {one.records === 1 ? 'record' : 'records'} (
                {sizeOf(one.bytes)}, tar)
              </a>
              , ready since <When at={one.at} zone={request.zone} />
              <br />
              <span className="pv-quiet">
                SHA-256 <code className="text-wrap">{one.sha256}</code>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

function Message({ title, text, children }: { title: string; text: string; children?: React.ReactNode }) {
  return (
    <section className="border-left-05 border-base-lighter padding-left-2 margin-y-2">
      <h3 className="margin-top-0">{title}</h3>
      <p className="text-pre-wrap">{text}</p>
      {children}
    </section>
  )
}
