import { Form } from 'react-router'
import { Field } from './field.tsx'

interface Choice {
  value: string
  label: string
}

/** The filter of a list whose objects belong to a page of the department and stand in one of several states. */
export function PageAndState({
  typed,
  page,
  anyPage,
  pages,
  states,
}: {
  typed: { of: string; state: string }
  /** The label of the choice of a page, and what it says when none is chosen. */
  page: string
  anyPage: string
  pages: readonly Choice[]
  states: Readonly<Record<string, { title: string }>>
}) {
  return (
    <Form method="get" className="pv-card" role="search">
      <div className="grid-row grid-gap">
        <div className="tablet:grid-col-6">
          <Field
            label={page}
            name="of"
            defaultValue={typed.of}
            options={[{ value: '', label: anyPage }, ...pages]}
          />
        </div>
        <div className="tablet:grid-col-6">
          <Field
            label="State"
            name="state"
            defaultValue={typed.state}
            options={[
              { value: '', label: 'Any state' },
              ...Object.entries(states).map(([value, { title }]) => ({ value, label: title })),
            ]}
          />
        </div>
      </div>
      <button type="submit" className="usa-button margin-top-2">
        Show
      </button>
    </Form>
  )
}
