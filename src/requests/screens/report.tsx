import { Form, Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { installation } from '../../web/context.ts'
import { dollars } from '../fee.ts'
import { longDay } from '../long-day.ts'
import { reportOf } from '../report.ts'
import type { Route } from './+types/report'
import { channels } from './channels.ts'
import { reportOfPeriod } from './report-period.ts'

export async function loader({ request, context }: Route.LoaderArgs) {
  const { lines, period, problem, today } = await reportOfPeriod(context, request.url)
  const report = reportOf(lines, today)
  const { exemptions, recordsLaw } = installation(context).policy
  const title = (letter: string) => exemptions.find((one) => one.letter === letter)?.title ?? ''
  return {
    period,
    problem,
    unchecked: recordsLaw.reportUnchecked,
    report: {
      ...report,
      byExemption: report.byExemption.map(
        ([letter, count]) => [`(${letter}) ${title(letter)}`, count] as const,
      ),
    },
    fees: dollars(report.feesCents),
    paid: dollars(report.paidCents),
    lines: lines.map(({ id, number, receivedOn, responseDays, closureDays }) => ({
      ...{ id, number, receivedOn, responseDays, closureDays },
    })),
  }
}

const days = (count: number | null) =>
  count === null ? 'None yet' : `${count} business ${count === 1 ? 'day' : 'days'}`

export default function ReportScreen({ loaderData }: Route.ComponentProps) {
  const { period, problem, unchecked, report, fees, paid, lines } = loaderData
  const csv = `/console/requests/report.csv?${new URLSearchParams(period)}`
  const figures: [string, string | number][] = [
    ['Requests received', report.requests],
    ['Closed', report.closed],
    ['Still open', report.open],
    ['First written response in time', report.responsesInTime],
    ['First written response late', report.responsesLate],
    ['No written response yet', report.responsesMissing],
    ['Median time to the first written response', days(report.medianResponseDays)],
    ['Median time to the end', days(report.medianClosureDays)],
    ['Hours noted for tasks', report.hours],
    ['Fees estimated', fees],
    ['Fees paid', paid],
    ['Petitions for more time', `${report.petitions}, ${report.petitionsGranted} granted`],
    ['Appeals', report.appeals],
    ['Orders of the supervisor done in time', report.ordersInTime],
    ['Orders of the supervisor late', report.ordersLate],
  ]
  return (
    <>
      <PageHeading
        title="Report on requests"
        lead={`Received from ${longDay(period.from)} to ${longDay(period.to)}. The table is meant for the report of M.G.L. c. 66 § 6A(e). ${unchecked ?? ''}`}
      >
        <a className="usa-button" href={csv} download>
          Table (CSV)
        </a>
        <PrintButton />
      </PageHeading>
      <Form method="get" role="search" className="grid-row grid-gap flex-align-end margin-bottom-3">
        <div className="tablet:grid-col-4">
          <Field label="From" name="from" type="date" defaultValue={period.from} />
        </div>
        <div className="tablet:grid-col-4">
          <Field label="To" name="to" type="date" problem={problem} defaultValue={period.to} />
        </div>
        <div className="tablet:grid-col-4">
          <button type="submit" className="usa-button usa-button--outline">
            Show
          </button>
        </div>
      </Form>
      <dl className="pv-facts">
        {figures.map(([name, value]) => (
          <Figure key={name} name={name} value={value} />
        ))}
      </dl>
      <Counts title="By outcome" counts={report.byOutcome} />
      <Counts
        title="By the way they came"
        counts={report.byChannel.map(([one, count]) => [channels[one as keyof typeof channels], count])}
      />
      <Counts title="How appeals ended" counts={report.byAppealOutcome} />
      <Counts title="By exemption" counts={report.byExemption} />
      <DataTable
        caption="Requests of the period"
        columns={[
          {
            key: 'number',
            title: 'Request',
            render: (one) => (
              <Link className="text-no-wrap" to={`/console/requests/${one.id}`}>
                {one.number}
              </Link>
            ),
          },
          { key: 'receivedOn', title: 'Received', render: (one) => longDay(one.receivedOn) },
          { key: 'responseDays', title: 'Business days to the response' },
          { key: 'closureDays', title: 'To the end' },
        ]}
        rows={lines}
        empty={
          <EmptyState title="No request was received in this time">
            <p>Choose a longer one.</p>
          </EmptyState>
        }
      />
    </>
  )
}

const Figure = ({ name, value }: { name: string; value: string | number }) => (
  <>
    <dt>{name}</dt>
    <dd>{typeof value === 'number' ? value.toLocaleString('en-US') : value}</dd>
  </>
)

function Counts({ title, counts }: { title: string; counts: readonly (readonly [string, number])[] }) {
  if (counts.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <dl className="pv-facts">
        {counts.map(([name, count]) => (
          <Figure key={name} name={name} value={count} />
        ))}
      </dl>
    </section>
  )
}
