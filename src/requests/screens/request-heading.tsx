import type { ReactNode } from 'react'
import { Link, NavLink } from 'react-router'
import { PageHeading } from '../../web/components/page-heading.tsx'
import type { RecordsRequest } from '../store.ts'
import { requestPath } from './request-path.ts'

/** The heading of each screen about a request, with the ways to its other screens. */
export function RequestHeading({
  request,
  title,
  lead,
  children,
}: {
  request: RecordsRequest
  title: string
  lead: string
  children?: ReactNode
}) {
  const here = requestPath(request.id)
  return (
    <>
      <PageHeading title={title} lead={lead}>
        {children}
      </PageHeading>
      <nav className="pv-tabs" aria-label={`Request ${request.number}`}>
        <NavLink to={here} end>
          The request
        </NavLink>
        <NavLink to={`${here}/letters`}>Letters</NavLink>
        <NavLink to={`${here}/messages`}>Messages</NavLink>
        <NavLink to={`${here}/collection`}>Collection ({request.collected.toLocaleString('en-US')})</NavLink>
        {request.collected > 0 && <NavLink to={`${here}/review`}>Review</NavLink>}
        <NavLink to={`${here}/production`}>Productions</NavLink>
        <NavLink to={`${here}/fee`}>Fee</NavLink>
        <NavLink to={`${here}/tasks`}>Tasks</NavLink>
        <NavLink to={`${here}/appeal`}>Appeal</NavLink>
        {!request.closure && (
          <>
            <NavLink to={`${here}/petition`}>More time</NavLink>
            <Link to={`${here}/letters?for=closure`}>Close</Link>
          </>
        )}
      </nav>
    </>
  )
}
