import { Form } from 'react-router'

/** What can be done about somebody's way in, where the policy lets this person do it. */
export function SignIn({ name, may }: { name: string; may: readonly string[] }) {
  const unlocks = may.includes('person.invite')
  const ends = may.includes('person.setRoles')
  if (!unlocks && !ends) return null
  return (
    <>
      <h2>Sign-in</h2>
      <Form method="post" className="pv-actions">
        {unlocks && (
          <button className="usa-button usa-button--outline" type="submit" name="intent" value="unlock">
            Unlock after failed attempts
          </button>
        )}
        {ends && (
          <details>
            <summary className="usa-button usa-button--outline">End work here…</summary>
            <p>{name} is signed out at once and can’t come in again. What they did stays on record.</p>
            <button className="usa-button usa-button--secondary" type="submit" name="intent" value="end">
              End it now
            </button>
          </details>
        )}
      </Form>
    </>
  )
}
