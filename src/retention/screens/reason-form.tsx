import { Form } from 'react-router'
import type { Denied } from '../../policy/policy.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'

/** What a form gets back when it could not be done. */
export interface Returned {
  refusal: Denied | null
  problems: Record<string, string>
  typed: Record<string, string>
}

/** A decision that needs nothing but its reason. */
export function ReasonForm({
  button,
  hint,
  secondary,
  returned,
  children,
}: {
  button: string
  hint?: string
  secondary?: boolean
  returned: Returned | undefined
  children?: React.ReactNode
}) {
  return (
    <>
      {returned?.refusal && <Refusal decision={returned.refusal} />}
      <ErrorSummary problems={returned?.problems ?? {}} />
      <Form method="post" className="usa-form maxw-tablet">
        {children}
        <Field
          label="Reason"
          name="reason"
          hint={hint}
          multiline
          rows={4}
          required
          defaultValue={returned?.typed.reason}
          problem={returned?.problems.reason}
        />
        <button type="submit" className={secondary ? 'usa-button usa-button--secondary' : 'usa-button'}>
          {button}
        </button>
      </Form>
    </>
  )
}

/** The reason that such a form sends. */
export const reasonIn = (form: FormData) =>
  String(form.get('reason') ?? '')
    .trim()
    .slice(0, 5000)
