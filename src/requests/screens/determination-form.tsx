import { Form } from 'react-router'
import { z } from 'zod'
import { Field } from '../../web/components/field.tsx'
import type { AppealOutcome } from '../appeal-order.ts'
import { appealOutcomes } from '../outcomes.ts'
import { centsIn } from './fee-form.ts'
import { day, optional, optionalDay } from './fields.ts'

const noAmount = 'Write an amount, like 12.50; 0 waives the fee.'

/** What the supervisor determined, as the form sends it. */
export const determination = z.object({
  outcome: z
    .string()
    .refine(
      (text): text is AppealOutcome => Object.hasOwn(appealOutcomes, text),
      'Choose what was determined.',
    ),
  determinedOn: day('Enter the day of the determination.'),
  due: optionalDay.transform((text) => text ?? null),
  feeCents: optional(20, noAmount).transform((text, context) => {
    if (text === undefined) return null
    const cents = centsIn(text)
    if (cents === null) context.addIssue(noAmount)
    return cents ?? z.NEVER
  }),
  note: optional(10_000, 'This is longer than 10,000 characters. Shorten it.').transform(
    (text) => text ?? '',
  ),
})

/** What was determined in the appeal that is running; an order with a day opens an answered request again. */
export function DeterminationForm({
  problems,
  typed,
  today,
  answered,
}: {
  problems: Record<string, string>
  typed: Record<string, string>
  today: string
  answered: boolean
}) {
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] })
  return (
    <Form method="post" className="usa-form maxw-tablet">
      <h2>What was determined</h2>
      <Field
        {...field('outcome')}
        label="Determination"
        options={[
          { value: '', label: 'Choose' },
          ...Object.entries(appealOutcomes).map(([value, label]) => ({ value, label })),
        ]}
      />
      <Field
        {...field('determinedOn')}
        defaultValue={typed.determinedOn ?? today}
        label="Day of the determination"
        type="date"
        required
      />
      <Field
        {...field('due')}
        label="To be done by, if something is ordered"
        type="date"
        hint={
          answered
            ? 'The day that the order names. It opens the request again, with a new clock until then.'
            : 'The day that the order names. The request’s clock runs until then.'
        }
      />
      <Field
        {...field('feeCents')}
        label="Most that may be charged, in dollars, if the order is about the fee"
        hint="0 when the fee is waived. Leave it empty when the order says nothing about a fee."
        inputMode="decimal"
      />
      <Field
        {...field('note')}
        label="What it says, and what you have to do now (optional)"
        multiline
        rows={3}
        hint="For your desk. The requester reads the outcome and the day."
      />
      <button type="submit" className="usa-button" name="intent" value="determine">
        Enter the determination
      </button>
    </Form>
  )
}
