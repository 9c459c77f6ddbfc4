export const handle = { scripts: false }

/** What the public sees before the department is set up. */
export default function Welcome() {
  return (
    <main id="main" className="grid-container padding-y-6 measure-5">
      <title>This page is being set up</title>
      <h1>This page is being set up</h1>
      <p className="usa-intro">The police department’s official page will be here soon.</p>
      <div className="usa-alert usa-alert--info">
        <div className="usa-alert__body">
          <p className="usa-alert__text">In an emergency, call 911.</p>
        </div>
      </div>
    </main>
  )
}
