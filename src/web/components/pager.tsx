import { Link, useSearchParams } from 'react-router'

/** From page to page of a list; what else stands in the address stays. */
export function Pager({ page, pages }: { page: number; pages: number }) {
  const [address] = useSearchParams()
  if (pages < 2) return null
  const to = (number: number) => {
    const next = new URLSearchParams(address)
    next.set('page', String(number))
    return `?${next}`
  }
  return (
    <nav className="pv-actions" aria-label="Pages of this list">
      {page > 1 && <Link to={to(page - 1)}>Previous</Link>}
      <span>
        Page {page} of {pages}
      </span>
      {page < pages && <Link to={to(page + 1)}>Next</Link>}
    </nav>
  )
}
