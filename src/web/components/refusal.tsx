import type { Denied } from '../../policy/policy.ts'

/** The policy said no: why, what to do instead, and where it is written. */
export function Refusal({ decision }: { decision: Denied }) {
  return (
    <div className="usa-alert usa-alert--warning" role="alert">
      <div className="usa-alert__body">
        <h2 className="usa-alert__heading">The policy does not allow this</h2>
        <p className="usa-alert__text">
          {decision.because} {decision.wayForward}
        </p>
        <p className="usa-alert__text">
          {decision.clauses.map((clause) => (
            <a key={clause} className="usa-link margin-right-1" href={`/console/policy/${clause}`}>
              {clause}
            </a>
          ))}
        </p>
      </div>
    </div>
  )
}
