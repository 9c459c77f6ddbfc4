import { Glossary } from '../../web/components/glossary.tsx'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/policy'

export const handle = { scripts: false, forEverybody: true }

export function loader({ context }: Route.LoaderArgs) {
  const { policy } = installation(context)
  return {
    title: policy.title,
    notice: policy.commentingNotice,
    reasons: policy.removalReasons.map(({ id, title, covers, clause }) => ({ id, title, covers, clause })),
    glossary: policy.glossary,
    clauses: policy.clauses.map(({ number, title, summary }) => ({ number, title, summary })),
  }
}

export default function PublicPolicy({ loaderData }: Route.ComponentProps) {
  const { title, notice, reasons, glossary, clauses } = loaderData
  return (
    <>
      <title>Policy and commenting rules</title>
      <h1>Policy and commenting rules</h1>
      <section id="comments" aria-labelledby="rules">
        <h2 id="rules">Commenting</h2>
        <p>{notice}</p>
        <p>A comment is removed for one of these reasons, and no other:</p>
        <dl>
          {reasons.map((reason) => (
            <div key={reason.id} className="margin-bottom-2">
              <dt>
                <strong>{reason.title}</strong> (<a href={`#${reason.clause}`}>{reason.clause}</a>)
              </dt>
              <dd className="margin-left-0">{reason.covers}</dd>
            </div>
          ))}
        </dl>
        <p>
          Where a comment was removed, the page says so and why. The <a href="/removals">log of removals</a>{' '}
          has the numbers.
        </p>
      </section>
      <section aria-labelledby="clauses">
        <h2 id="clauses">{title}, in our own words</h2>
        {clauses.map((clause) => (
          <section key={clause.number} id={clause.number}>
            <h3>
              {clause.number} {clause.title}
            </h3>
            <p>{clause.summary}</p>
            {clause.number === glossary.clause && <Glossary terms={glossary.terms} />}
          </section>
        ))}
      </section>
    </>
  )
}
