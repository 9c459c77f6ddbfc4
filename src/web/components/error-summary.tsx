/** What has to change in a form, above it; each line leads to its field. */
export function ErrorSummary({ problems }: { problems: Readonly<Record<string, string>> }) {
  const entries = Object.entries(problems)
  if (entries.length === 0) return null
  return (
    <div className="usa-alert usa-alert--error" role="alert">
      <div className="usa-alert__body">
        <h2 className="usa-alert__heading">Please look at this again</h2>
        <ul className="usa-list">
          {entries.map(([name, sentence]) => (
            <li key={name}>{name === 'form' ? sentence : <a href={`#${name}`}>{sentence}</a>}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}
