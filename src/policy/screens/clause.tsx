import { data, Link } from 'react-router'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { decisionCounts } from '../counts.ts'
import type { Route } from './+types/clause'

export async function loader({ context, params }: Route.LoaderArgs) {
  const { db, policy, now } = installation(context)
  const clause = policy.clause(params.number)
  if (!clause) throw data(null, { status: 404 })
  const counts = await decisionCounts(db, new Date(now().getTime() - 365 * 86_400_000))
  const cites = (one: { clauses: readonly string[] }) => one.clauses.includes(clause.number)
  return {
    clause,
    rules: policy.rules.filter(cites),
    screens: policy.screeningRules.filter(cites),
    counts: counts.get(clause.number) ?? { decisions: 0, refusals: 0 },
  }
}

export default function ClauseScreen({ loaderData }: Route.ComponentProps) {
  const { clause, rules, screens, counts } = loaderData
  return (
    <>
      <PageHeading title={`${clause.number} ${clause.title}`} lead={clause.summary} />
      <p>
        In the last year {counts.decisions.toLocaleString('en-US')} decisions cited this clause;{' '}
        {counts.refusals.toLocaleString('en-US')} of them said no.
      </p>
      {rules.length + screens.length === 0 && (
        <EmptyState title="No rule enforces this clause">
          <p>People follow it; the software does not decide by it.</p>
        </EmptyState>
      )}
      {rules.map((rule) => (
        <section key={rule.id} className="pv-card">
          <h2>
            {rule.effect === 'permit' ? 'Allows' : 'Forbids'}: {rule.actions.join(', ')}
          </h2>
          <p>
            {rule.because} {rule.wayForward}
          </p>
          <details>
            <summary>The rule in Cedar</summary>
            <pre className="pv-json">{rule.text}</pre>
          </details>
        </section>
      ))}
      {screens.length > 0 && <h2>What is looked for in texts</h2>}
      <ul className="usa-list">
        {screens.map((rule) => (
          <li key={rule.id}>
            {rule.severity === 'stop' ? 'Stops: ' : 'Warns: '}
            {rule.reason}
          </li>
        ))}
      </ul>
      <p>
        <Link to="/console/policy">All clauses</Link>
      </p>
    </>
  )
}
