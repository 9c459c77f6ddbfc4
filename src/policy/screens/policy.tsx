import { Form, Link } from 'react-router'
import { DataTable } from '../../web/components/data-table.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { decisionCounts } from '../counts.ts'
import type { Route } from './+types/policy'

const year = 365 * 86_400_000
const long = (day: string) =>
  new Date(day).toLocaleDateString('en-US', { dateStyle: 'long', timeZone: 'UTC' })

export async function loader({ context, request }: Route.LoaderArgs) {
  const { db, policy, now } = installation(context)
  const counts = await decisionCounts(db, new Date(now().getTime() - year))
  const text = (new URL(request.url).searchParams.get('text') ?? '').slice(0, 5000)
  return {
    title: policy.title,
    dates: { issued: policy.issued, effective: policy.effective, revised: policy.revised },
    clauses: policy.clauses.map(({ number, title }) => ({
      number,
      title,
      rules: policy.rules.filter((rule) => rule.clauses.includes(number)).length,
      screens: policy.screeningRules.filter((rule) => rule.clauses.includes(number)).length,
      ...(counts.get(number) ?? { decisions: 0, refusals: 0 }),
    })),
    text,
    findings: text ? policy.screen(text) : [],
  }
}

export default function PolicyScreen({ loaderData }: Route.ComponentProps) {
  const { title, dates, clauses, text, findings } = loaderData
  return (
    <>
      <PageHeading
        title="Policy"
        lead={`${title}. Issued ${long(dates.issued)}, in force since ${long(dates.effective)}${dates.revised ? `, revised ${long(dates.revised)}` : ''}.`}
      />
      <Form method="get" className="pv-card">
        <h2>Try a text</h2>
        <Field
          label="Text of a post"
          hint="What would the policy say to it?"
          name="text"
          multiline
          rows={3}
          defaultValue={text}
        />
        <button className="usa-button margin-top-2" type="submit">
          Check
        </button>
        {text && findings.length === 0 && <p role="status">Nothing to say against this text.</p>}
        <ul className="usa-list">
          {findings.map((finding) => (
            <li key={`${finding.rule}-${finding.start}`}>
              {finding.severity === 'stop' ? 'Stops the post: ' : 'Look again: '}
              <mark>{finding.excerpt}</mark> {finding.reason}{' '}
              {finding.clause.map((number) => (
                <Link key={number} className="margin-right-1" to={`/console/policy/${number}`}>
                  {number}
                </Link>
              ))}
              {finding.suggestion && <> Better: “{finding.suggestion}”</>}
            </li>
          ))}
        </ul>
      </Form>
      <DataTable
        caption="Clauses, with a year of decisions"
        columns={[
          {
            key: 'number',
            title: 'Clause',
            render: (one) => <Link to={`/console/policy/${one.number}`}>{one.number}</Link>,
          },
          { key: 'title', title: 'About' },
          { key: 'rules', title: 'Rules' },
          { key: 'screens', title: 'Screens' },
          { key: 'decisions', title: 'Decisions' },
          { key: 'refusals', title: 'Refused' },
        ]}
        rows={clauses}
      />
    </>
  )
}
