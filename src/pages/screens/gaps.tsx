import { When } from '../../web/components/when.tsx'
import { whatIsLost } from '../what-is-lost.ts'

/** When the comments of a page were not captured. A page without a gap says nothing. */
export function Gaps({
  gaps,
  zone,
}: {
  gaps: readonly { id: string; since: Date; endedAt: Date | null; because: string }[]
  zone: string
}) {
  if (gaps.length === 0) return null
  return (
    <>
      <h2>When comments could not be captured</h2>
      <ul className="usa-list">
        {gaps.map(({ id, since, endedAt, because }) => (
          <li key={id}>
            <When at={since} zone={zone} /> to{' '}
            {endedAt ? <When at={endedAt} zone={zone} /> : <strong>now</strong>}: {because}
          </li>
        ))}
      </ul>
      <p className="pv-quiet">{whatIsLost}</p>
    </>
  )
}
