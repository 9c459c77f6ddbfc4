import type { ReactNode } from 'react'

/** The heading of a screen, with its actions beside it; it also names the browser's window. */
export function PageHeading({
  title,
  lead,
  children,
}: {
  title: string
  lead?: ReactNode
  children?: ReactNode
}) {
  return (
    <header className="pv-heading">
      <title>{title}</title>
      <div>
        <h1>{title}</h1>
        {lead && <p className="usa-intro">{lead}</p>}
      </div>
      {children && <div className="pv-actions">{children}</div>}
    </header>
  )
}
