export type NoticeTone = 'error' | 'warning' | 'info' | 'success'

/** One paragraph about the state of what the page shows. What answers an action right now is an alert or a status. */
export function Notice({ tone, children }: { tone: NoticeTone; children: React.ReactNode }) {
  return (
    <div className={`usa-alert usa-alert--${tone} usa-alert--slim`}>
      <div className="usa-alert__body">
        <p className="usa-alert__text">{children}</p>
      </div>
    </div>
  )
}
