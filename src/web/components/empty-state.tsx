import type { ReactNode } from 'react'

/** What stands where a list has nothing to show: what that means and what to do next. */
export function EmptyState({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <section className="pv-empty">
      <h2>{title}</h2>
      {children}
    </section>
  )
}
