import type { Finding } from '../../policy/policy.ts'

/** What screening found, each with its clause, its reason, and a wording that the author may take. */
export function Findings({
  findings,
  take,
}: {
  findings: readonly Finding[]
  take?: ((finding: Finding) => void) | undefined
}) {
  if (findings.length === 0)
    return <p className="pv-quiet">Nothing in this text speaks against the policy.</p>
  return (
    <ul className="usa-list usa-list--unstyled">
      {findings.map((finding) => (
        <li
          key={`${finding.rule}-${finding.start}-${finding.end}`}
          className={`usa-alert usa-alert--slim usa-alert--${finding.severity === 'stop' ? 'error' : 'warning'}`}
        >
          <div className="usa-alert__body">
            <p className="usa-alert__text">
              “{finding.excerpt}”: {finding.reason}{' '}
              <span className="text-no-wrap">(policy {finding.clause.join(', ')})</span>
              {finding.suggestion && <> Write instead: “{finding.suggestion}”.</>}
            </p>
            {finding.suggestion && take && (
              <button type="button" className="usa-button usa-button--unstyled" onClick={() => take(finding)}>
                Use this wording
              </button>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}
