import { Form } from 'react-router'
import { Field } from '../../web/components/field.tsx'

/** Keeps the search at `address` under a name. */
export function SaveSearch({
  address,
  name,
  alerts,
  problem,
}: {
  address: string
  name?: string | undefined
  alerts?: boolean
  problem?: string | undefined
}) {
  return (
    <details open={problem !== undefined}>
      <summary>Save this search</summary>
      <Form method="post" action="/console/archive/searches">
        <input type="hidden" name="address" value={address} />
        <Field label="Name" name="name" maxLength={80} required defaultValue={name} problem={problem} />
        <Field
          label="Tell me on Today when new records match"
          name="alerts"
          type="checkbox"
          checked={alerts}
        />
        <button className="usa-button margin-top-2" type="submit" name="intent" value="save">
          Save
        </button>
      </Form>
    </details>
  )
}
