import { data, Link } from 'react-router'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { Glossary } from '../../web/components/glossary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { decisionCounts } from '../counts.ts'
import type { Rule, ScreeningRule } from '../policy.ts'
import type { Route } from './+types/clause'
import { inWords } from './action-words.ts'

export async function loader({ context, params }: Route.LoaderArgs) {
  const { db, policy, now } = installation(context)
  const clause = policy.clause(params.number)
  if (!clause) throw data('The policy has no clause with this number.', { status: 404 })
  const counts = await decisionCounts(db, new Date(now().getTime() - 365 * 86_400_000))
  const cites = (one: { clauses: readonly string[] }) => one.clauses.includes(clause.number)
  const isOf = (one: { clause: string }) => one.clause === clause.number
  return {
    clause,
    terms: isOf(policy.glossary) ? policy.glossary.terms : [],
    rules: policy.rules.filter(cites),
    screens: onceEach(policy.screeningRules.filter(cites)),
    disclosures: policy.disclosureParts.filter(isOf),
    removals: policy.removalReasons.filter(isOf),
    counts: counts.get(clause.number) ?? { decisions: 0, refusals: 0 },
  }
}

/** Several rules of screening look for one thing in different ways; readers need it once. */
const onceEach = (rules: readonly ScreeningRule[]) => [
  ...new Map(rules.map(({ severity, reason }) => [severity + reason, { severity, reason }])).values(),
]

export default function ClauseScreen({ loaderData }: Route.ComponentProps) {
  const { clause, terms, rules, screens, disclosures, removals, counts } = loaderData
  const carriedOut = rules.length + screens.length + disclosures.length + removals.length > 0
  return (
    <>
      <PageHeading title={`${clause.number} ${clause.title}`} lead={clause.summary} />
      <p>
        In the last year {counts.decisions.toLocaleString('en-US')} decisions cited this clause;{' '}
        {counts.refusals.toLocaleString('en-US')} of them said no.
      </p>
      <Glossary terms={terms} />
      {!carriedOut && terms.length === 0 && (
        <EmptyState title="No rule enforces this clause">
          <p>People follow it; the software does not decide by it.</p>
        </EmptyState>
      )}
      {rules.map((rule) => (
        <RuleCard key={rule.id} rule={rule} />
      ))}
      {screens.length > 0 && <Screens screens={screens} />}
      {removals.length > 0 && (
        <section className="pv-card">
          <h2>Reasons for which a comment may be removed</h2>
          <ul className="usa-list">
            {removals.map(({ id, title, covers }) => (
              <li key={id}>
                <strong>{title}.</strong> {covers}
              </li>
            ))}
          </ul>
        </section>
      )}
      {disclosures.length > 0 && (
        <section className="pv-card">
          <h2>What every page has to say</h2>
          <ul className="usa-list">
            {disclosures.map(({ id, title, variants }) => (
              <li key={id}>
                It says {title}: “{variants[0]}”
              </li>
            ))}
          </ul>
        </section>
      )}
      <p>
        <Link to="/console/policy">All clauses</Link>
      </p>
    </>
  )
}

const RuleCard = ({ rule }: { rule: Rule }) => (
  <section className="pv-card">
    <h2>
      {rule.effect === 'permit' ? 'Allows' : 'Forbids'} – {inWords(rule.actions)}
    </h2>
    <p>
      {rule.because} {rule.wayForward}
    </p>
    <details>
      <summary>The rule as the department wrote it</summary>
      <pre className="pv-json">{rule.text}</pre>
    </details>
  </section>
)

const Screens = ({ screens }: { screens: readonly Pick<ScreeningRule, 'severity' | 'reason'>[] }) => (
  <section className="pv-card">
    <h2>What is looked for in posts</h2>
    <ul className="usa-list">
      {screens.map(({ severity, reason }) => (
        <li key={severity + reason}>
          <strong>{severity === 'stop' ? 'Stops the post.' : 'Asks the author to look again.'}</strong>{' '}
          {reason}
        </li>
      ))}
    </ul>
  </section>
)
