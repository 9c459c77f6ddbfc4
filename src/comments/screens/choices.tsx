/** One of several, each with what it means. */
export function Choices({
  title,
  name,
  options,
  chosen,
  problem,
}: {
  title: string
  name: string
  options: readonly { id: string; title: string; means: string | null }[]
  chosen: string | undefined
  problem?: string | undefined
}) {
  return (
    <fieldset className="usa-fieldset margin-top-2" id={name}>
      <legend className="usa-legend">{title}</legend>
      {problem && <span className="usa-error-message">{problem}</span>}
      {options.map((one) => (
        <div className="usa-radio" key={one.id}>
          <input
            className="usa-radio__input usa-radio__input--tile"
            id={`${name}-${one.id}`}
            type="radio"
            name={name}
            value={one.id}
            defaultChecked={chosen === one.id}
            required
          />
          <label className="usa-radio__label" htmlFor={`${name}-${one.id}`}>
            {one.title}
            {one.means && <span className="usa-radio__label-description">{one.means}</span>}
          </label>
        </div>
      ))}
    </fieldset>
  )
}
