import { Link } from 'react-router'
import { type Asked, searchAddress } from './asked.ts'

/** One way to divide what was found. */
export interface Facet {
  name: keyof Asked
  title: string
  choices: { label: string; count: number; change: Partial<Asked> }[]
  /** Offered even as the only choice. */
  alone?: true
  /** What is chosen, and what takes the choice back. */
  chosen: { label: string; change: Partial<Asked> } | null
}

/** Each choice is the address of a narrower search, with the number of records that it leaves. */
export function FacetList({
  facets,
  asked,
  more,
}: {
  facets: readonly Facet[]
  asked: Asked
  more: boolean
}) {
  const offered = facets.filter(({ choices, chosen, alone }) => chosen || choices.length > (alone ? 0 : 1))
  if (offered.length === 0) return null
  return (
    <nav aria-label="Narrow the search" className="pv-facet-list">
      <h2>Narrow</h2>
      {more && <p className="pv-quiet">Counted is a part of the matches; there are more.</p>}
      {offered.map(({ name, title, choices, chosen }) => (
        <details key={name} open={chosen !== null || choices.length <= 6}>
          <summary>{title}</summary>
          {chosen && (
            <p>
              {chosen.label}{' '}
              <Link to={searchAddress(asked, chosen.change)}>
                Take back<span className="usa-sr-only"> {title.toLowerCase()}</span>
              </Link>
            </p>
          )}
          {!chosen && (
            <ul className="usa-list usa-list--unstyled">
              {choices.slice(0, 30).map(({ label, count, change }) => (
                <li key={label}>
                  <Link to={searchAddress(asked, change)}>{label}</Link>{' '}
                  <span className="pv-quiet">
                    {count.toLocaleString('en-US')}
                    {more && '+'}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </details>
      ))}
    </nav>
  )
}
