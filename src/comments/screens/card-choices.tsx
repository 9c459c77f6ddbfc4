import type { ReactNode } from 'react'

/** Several buttons under one key. */
export function Choices({ name, title, children }: { name: string; title: string; children: ReactNode }) {
  return (
    <details className="pv-choices">
      <summary className="usa-button usa-button--outline" data-key={name}>
        {title} <Key name={name} />
      </summary>
      <div className="pv-choice-list">{children}</div>
    </details>
  )
}

/** The key beside a button, for those who see it; to others the keys' own list tells of it. */
export const Key = ({ name }: { name: string }) => (
  <span className="pv-key" aria-hidden="true">
    {name}
  </span>
)

/** Where somebody who was asked writes their advice. */
export function AdviceField({ id, action }: { id: string; action: string }) {
  return (
    <div className="pv-advice">
      <label className="usa-label margin-top-0" htmlFor={`advice-${id}`}>
        Your advice
      </label>
      <textarea
        className="usa-textarea"
        id={`advice-${id}`}
        name="advice"
        rows={2}
        maxLength={2000}
        data-key="a"
      />
      <button className="usa-button usa-button--outline" type="submit" formAction={action}>
        Send the advice
      </button>
    </div>
  )
}
