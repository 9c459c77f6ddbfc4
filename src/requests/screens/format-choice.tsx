/** In which formats a production is made beside the bag of records and proofs. */
export function FormatChoice({
  formats,
  problem,
}: {
  formats: readonly { name: string; title: string; description: string }[]
  problem?: string | undefined
}) {
  return (
    <fieldset
      className="usa-fieldset margin-top-2 margin-bottom-2"
      aria-describedby={problem ? 'formats-problem' : undefined}
    >
      <legend className="usa-legend">Also in these formats</legend>
      {problem && (
        <span className="usa-error-message" id="formats-problem" role="alert">
          {problem}
        </span>
      )}
      {formats.map(({ name, title, description }, n) => (
        <div className="usa-checkbox" key={name}>
          <input
            className="usa-checkbox__input"
            // The summary of what is wrong leads to the first one.
            id={n === 0 ? 'formats' : `formats-${name}`}
            type="checkbox"
            name="formats"
            value={name}
          />
          <label className="usa-checkbox__label" htmlFor={n === 0 ? 'formats' : `formats-${name}`}>
            {title}
            <span className="usa-checkbox__label-description">{description}</span>
          </label>
        </div>
      ))}
    </fieldset>
  )
}
