import type { ReactNode } from 'react'
import { PageHeading } from '../../web/components/page-heading.tsx'

/** A screen outside the console with one thing to do. */
export function Narrow({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <main id="main" className="grid-container padding-y-4 measure-5">
      <PageHeading title={title} lead={lead} />
      {children}
    </main>
  )
}
