export interface ExemptionChoice {
  letter: string
  title: string
}

/** Which exemption allows it, a second one if need be, and why it applies. `of` tells one form's fields from another's. */
export function ExemptionFields({
  of,
  exemptions,
  typed = {},
  problems = {},
}: {
  of: string
  exemptions: readonly ExemptionChoice[]
  typed?: Record<string, string>
  problems?: Record<string, string>
}) {
  const options = exemptions.map(({ letter, title }) => (
    <option key={letter} value={letter}>
      ({letter}) {title}
    </option>
  ))
  const id = (name: string) => `${name}-${of}`
  return (
    <>
      <label className="usa-label" htmlFor={id('exemption')}>
        Exemption
      </label>
      {problems.exemptions && (
        <span className="usa-error-message" role="alert">
          {problems.exemptions}
        </span>
      )}
      <select className="usa-select" id={id('exemption')} name="exemptions" defaultValue="">
        <option value="">Choose</option>
        {options}
      </select>
      <label className="usa-label" htmlFor={id('second')}>
        A second one, if need be
      </label>
      <select className="usa-select" id={id('second')} name="exemptions" defaultValue="">
        <option value="">None</option>
        {options}
      </select>
      <label className="usa-label" htmlFor={id('why')}>
        Why it applies
      </label>
      <span className="usa-hint" id={id('why-hint')}>
        The requester reads it in the withheld log. Do not repeat what is withheld.
      </span>
      {problems.why && (
        <span className="usa-error-message" role="alert">
          {problems.why}
        </span>
      )}
      <textarea
        className="usa-textarea height-8"
        id={id('why')}
        name="why"
        rows={2}
        defaultValue={typed.why}
        aria-describedby={id('why-hint')}
      />
    </>
  )
}
