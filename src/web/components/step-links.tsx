import { Link } from 'react-router'

/** What can be done next, the first step foremost. `to` stands below `at`. */
export const StepLinks = ({
  at,
  steps,
}: {
  at: string
  steps: readonly (readonly [to: string, label: string, ...unknown[]])[]
}) =>
  steps.map(([to, label], n) => (
    <Link key={to} className={`usa-button ${n > 0 ? 'usa-button--outline' : ''}`} to={`${at}/${to}`}>
      {label}
    </Link>
  ))
