import { Link } from 'react-router'
import { Temporal } from 'temporal-polyfill'
import { recordsAbout } from '../../archive/archive.ts'
import { timeZoneHere } from '../../department/department.ts'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation } from '../../web/context.ts'
import { feeLimit, standingOrder } from '../appeal-order.ts'
import { clockOn, countedDays } from '../deadline.ts'
import { longDay } from '../long-day.ts'
import { outcomes } from '../outcomes.ts'
import { codeOf, contactOf, officeCalendar, todayHere } from '../receipt.ts'
import type { RecordsRequest } from '../store.ts'
import type { Route } from './+types/request'
import { channels } from './channels.ts'
import { ClockTag, clockSentence } from './clock.tsx'
import { ClockExplained } from './clock-explained.tsx'
import { foundRequest } from './found.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'
import { Waiting } from './waiting.tsx'

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: `Request ${loaderData?.request.number ?? ''}` },
]

export async function loader({ request: { url }, params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const request = await foundRequest(context, params.id)
  const [today, calendar, timeZone, contact, code, records] = await Promise.all([
    todayHere(here),
    officeCalendar(here.db, here.policy),
    timeZoneHere(here.db),
    contactOf(here, request.id),
    codeOf(here, request.id),
    recordsAbout(here.db, { kind: 'request', id: request.id }),
  ])
  const day = (text: string) => Temporal.PlainDate.from(text)
  const order = standingOrder(request.orders)
  const from = order?.determinedOn ?? request.receivedOn
  return {
    request,
    contact,
    records,
    zone: timeZone,
    pauses: [...here.policy.recordsLaw.pauses],
    problem: new URL(url).searchParams.get('problem'),
    address: `${here.baseUrl}/records-requests/${code}`,
    order,
    supervisor: here.policy.recordsLaw.supervisor,
    feeLimit: feeLimit(request.orders),
    clock: clockOn(
      day(today),
      { from, due: request.due, answeredOn: request.closure?.closedOn ?? null },
      calendar,
    ),
    movedFrom: calendar.whyFree(day(request.arrivedOn)),
    counted: countedDays(day(from), day(request.due), calendar),
    feeAllowed: request.acknowledgement
      ? request.acknowledgement.sentOn <= request.responseDue
      : today <= request.responseDue
        ? null
        : false,
  }
}

export default function Request({ loaderData }: Route.ComponentProps) {
  const { request, clock, contact, records, zone, address } = loaderData
  return (
    <>
      <RequestHeading request={request} title={`Request ${request.number}`} lead={clockSentence(clock)}>
        <NextStep request={request} />
      </RequestHeading>
      <p>
        <ClockTag clock={clock} />
      </p>
      <h2>What is asked for</h2>
      <p className="pv-quote text-pre-wrap">{request.text}</p>
      <dl className="pv-facts">
        <dt>By</dt>
        <dd>{request.requesterName ?? 'Not named'}</dd>
        <dt>Reached at</dt>
        <dd>
          {[contact.email, contact.phone, contact.address].filter(Boolean).join(' · ') || 'Nothing was left'}
        </dd>
        <dt>Came by</dt>
        <dd>{channels[request.channel]}</dd>
        {(request.about.from || request.about.to) && (
          <>
            <dt>About the time</dt>
            <dd>
              {request.about.from ? `from ${longDay(request.about.from)} ` : ''}
              {request.about.to ? `to ${longDay(request.about.to)}` : ''}
            </dd>
          </>
        )}
        <dt>Form wanted</dt>
        <dd>{request.format ?? 'Electronic copies'}</dd>
        <dt>For the requester</dt>
        <dd>
          <a href={address}>{address}</a>
          <br />
          <span className="pv-quiet">
            Put this address in your letter. Whoever has it can follow the request.
          </span>
        </dd>
      </dl>
      <ClockExplained {...loaderData} />
      <Waiting request={request} reasons={loaderData.pauses} problem={loaderData.problem} />
      <Answers request={request} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}

function NextStep({ request }: { request: RecordsRequest }) {
  if (request.closure) return null
  const [to, label] = !request.acknowledgement
    ? ['letters', 'Answer in writing']
    : request.collected === 0
      ? ['collection', 'Collect the records']
      : ['review', 'Review the records']
  return (
    <Link className="usa-button" to={`${requestPath(request.id)}/${to}`}>
      {label}
    </Link>
  )
}

function Answers({ request }: { request: RecordsRequest }) {
  const { acknowledgement, extensions, reopened, closure } = request
  const answers = closure ? [...reopened, closure] : reopened
  if (!acknowledgement && extensions.length === 0 && answers.length === 0) return null
  return (
    <section>
      <h2>What the requester was told</h2>
      {acknowledgement && (
        <Told
          title={`First written answer, ${longDay(acknowledgement.sentOn)}`}
          text={acknowledgement.text}
        />
      )}
      {extensions.map((one) => (
        <Told
          key={one.basis}
          title={`More time, until ${longDay(one.due)}`}
          text={one.reason === acknowledgement?.text ? 'In that first written answer.' : one.reason}
        />
      ))}
      {answers.map((one) => (
        <Told
          key={one.at.toISOString()}
          title={`${outcomes[one.outcome]}, ${longDay(one.closedOn)}${
            one.exemptions.length > 0 ? `, exemptions (${one.exemptions.join('), (')})` : ''
          }${one === closure ? '' : '; opened again by an order since'}`}
          text={one.answer}
        />
      ))}
    </section>
  )
}

const Told = ({ title, text }: { title: string; text: string }) => (
  <>
    <h3>{title}</h3>
    <p className="pv-quote text-pre-wrap">{text}</p>
  </>
)
