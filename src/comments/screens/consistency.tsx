import { Form } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { installation } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { reading } from '../consistency.ts'
import { reasonTitle } from '../notice.ts'
import { numberAMonth } from '../second-look.ts'
import type { Route } from './+types/consistency'
import { Authors, ByModerator, Differing, Rates } from './consistency-parts.tsx'
import { consistencyAsked } from './consistency-period.ts'

export async function loader({ request, context }: Route.LoaderArgs) {
  const { typed, problem, report } = await consistencyAsked(context, request.url)
  const here = installation(context)
  const title = (reason: string) => reasonTitle(here.policy, reason)
  return {
    typed,
    problem,
    aMonth: await numberAMonth(here),
    mayChoose: isOpen(context, { type: 'Consistency', id: 'any' }, 'consistency.configure'),
    // Not everybody who reads the report decides about comments.
    mayFollow: isOpen(context, { type: 'Comment', id: 'any' }, 'comment.keep'),
    report: report && {
      ...report,
      reading: reading(report),
      reasons: report.reasons.map((one) => ({ ...one, title: `${title(one.reason)} (${one.clause})` })),
      differing: report.differing.map((one) => ({
        ...one,
        decisions: one.decisions.map((each) => ({ ...each, reason: each.reason && title(each.reason) })),
      })),
    },
  }
}

export default function ConsistencyScreen({ loaderData }: Route.ComponentProps) {
  const { typed, problem, report, aMonth, mayChoose, mayFollow } = loaderData
  return (
    <>
      <PageHeading
        title="Consistency of decisions"
        lead="How alike comments were decided about over viewpoint, author and moderator. Opening this report is on record."
      >
        {report && (
          <a className="usa-button" href={`/console/consistency.csv?${new URLSearchParams(typed)}`} download>
            Table (CSV)
          </a>
        )}
        {report && <PrintButton />}
      </PageHeading>
      <Form method="get" role="search" className="grid-row grid-gap flex-align-end margin-bottom-3">
        <div className="tablet:grid-col-4">
          <Field
            label="From"
            name="from"
            type="date"
            defaultValue={typed.from}
            problem={problem ?? undefined}
          />
        </div>
        <div className="tablet:grid-col-4">
          <Field label="To" name="to" type="date" defaultValue={typed.to} />
        </div>
        <div className="tablet:grid-col-4">
          <button type="submit" className="usa-button usa-button--outline">
            Show
          </button>
        </div>
      </Form>
      {report && (
        <>
          <Rates report={report} />
          <ByModerator moderators={report.moderators} reasons={report.reasons} />
          <Authors authors={report.authors} mayFollow={mayFollow} />
          <Differing differing={report.differing} mayFollow={mayFollow} />
        </>
      )}
      <h2>Second looks</h2>
      <p>
        {aMonth === 0 ? 'No decision gets' : `${aMonth} decisions a month get`} a second look. They are drawn
        when a month has ended, by a rule that nobody can steer, and wait on Today of those who had no part in
        them.
      </p>
      {mayChoose && (
        <Form method="post" action="/console/consistency/sample" className="maxw-tablet">
          <Field
            label="Decisions a month"
            name="aMonth"
            type="number"
            min={0}
            max={1000}
            defaultValue={String(aMonth)}
            required
          />
          <button type="submit" className="usa-button usa-button--outline margin-top-2">
            Set this number
          </button>
        </Form>
      )}
    </>
  )
}
