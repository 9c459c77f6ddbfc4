import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { closeRequest } from '../closure.ts'
import { longDay } from '../long-day.ts'
import { appealNotice, outcomes } from '../outcomes.ts'
import type { Route } from './+types/closure'
import { needed } from './fields.ts'
import { foundRequest } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'
import { requestPath } from './request-path.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Close a request' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const { policy } = installation(context)
  return {
    request: await foundRequest(context, params.id),
    exemptionLaw: policy.exemptionLaw,
    exemptions: policy.exemptions.map(({ letter, title }) => ({ letter, title })),
    appeal: appealNotice(policy.recordsLaw),
  }
}

const closureForm = z.object({
  outcome: z.enum(
    ['provided', 'provided-in-part', 'no-records', 'denied', 'withdrawn'],
    'Choose how the request ends.',
  ),
  answer: needed('Write the answer that the requester reads.'),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const exemptions = (await request.clone().formData()).getAll('exemptions').map(String)
  const form = await readForm(request, closureForm)
  if (!form.valid) return notTaken({ ...form, typed: { ...form.typed, exemptions: exemptions.join() } })
  const answer = await closeRequest(installation(context), signedIn(context), id, {
    ...form.value,
    exemptions,
  })
  if (answer.outcome === 'done') throw redirect(requestPath(id))
  return reply(answer, { ...form.value, exemptions: exemptions.join() })
}

export default function Closure({ loaderData, actionData }: Route.ComponentProps) {
  const { request, exemptionLaw, exemptions, appeal } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const ticked = new Set(typed.exemptions?.split(',') ?? [])
  return (
    <>
      <PageHeading
        title={`Close ${request.number}`}
        lead={`Due on ${longDay(request.due)}. The answer ends the request and stops its clock.`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          label="How it ends"
          name="outcome"
          problem={problems.outcome}
          defaultValue={typed.outcome}
          options={[
            { value: '', label: 'Choose' },
            ...Object.entries(outcomes).map(([value, label]) => ({ value, label })),
          ]}
          required
        />
        <Field
          label="Answer to the requester"
          name="answer"
          hint="If something is withheld, say for each part why its exemption applies."
          problem={problems.answer}
          defaultValue={typed.answer}
          multiline
          rows={8}
          required
        />
        <p className="usa-hint">
          Added by itself when something is withheld or nothing was found: “{appeal}”
        </p>
        <fieldset
          className="usa-fieldset margin-top-3"
          aria-describedby={problems.exemptions && 'exemptions-problem'}
        >
          <legend className="usa-legend">Exemptions for what is withheld ({exemptionLaw})</legend>
          {problems.exemptions && (
            <span className="usa-error-message" id="exemptions-problem">
              {problems.exemptions}
            </span>
          )}
          {exemptions.map(({ letter, title }) => (
            <div className="usa-checkbox" key={letter}>
              <input
                className="usa-checkbox__input"
                id={`exemption-${letter}`}
                type="checkbox"
                name="exemptions"
                value={letter}
                defaultChecked={ticked.has(letter)}
              />
              <label className="usa-checkbox__label" htmlFor={`exemption-${letter}`}>
                ({letter}) {title}
              </label>
            </div>
          ))}
        </fieldset>
        <button type="submit" className="usa-button">
          Close the request
        </button>
      </Form>
    </>
  )
}
