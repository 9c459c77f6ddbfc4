import { data, Form, Link } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { automaticForm, switchOn, tryOut } from '../automatic.ts'
import { switchedOn } from '../automatic-store.ts'
import type { Route } from './+types/automatic-category'
import { mustModerate } from './found-comment.ts'
import { TrialTable } from './trial-table.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const category = here.policy.suggestions.categories.find(({ id }) => id === params.category)
  if (!category?.automatic) throw data(category?.never ?? 'There is no such category.', { status: 404 })
  const decision = here.policy.decide(whoIs(signedIn(context)), 'comment.automate', {
    type: 'Comment',
    id: category.id,
    reason: category.reason,
  })
  const [open, trial] = await Promise.all([
    switchedOn(here.db).then((all) => all.find((one) => one.category === category.id)),
    tryOut(here, { id: category.id, least: category.automatic.least }),
  ])
  return {
    title: category.title,
    means: category.means,
    hindrance: decision.allowed ? null : `${decision.because} ${decision.wayForward}`,
    on: open !== undefined,
    trial,
    least: Math.round(category.automatic.least * 100),
    values: {
      threshold: String(Math.round((open?.threshold ?? 0.97) * 100)),
      sample: String(Math.round((open?.sample ?? 0.1) * 100)),
      why: open?.why ?? '',
    },
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  mustModerate(context)
  const form = await readForm(request, automaticForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const typed = {
    threshold: String(Math.round(form.value.threshold * 100)),
    sample: String(Math.round(form.value.sample * 100)),
    why: form.value.why,
  }
  const answer = await switchOn(installation(context), signedIn(context), params.category, form.value)
  return answered(answer, '/console/automatic-hiding', typed)
}

export default function AutomaticCategory({ loaderData, actionData }: Route.ComponentProps) {
  const { title, means, least, trial, hindrance, on } = loaderData
  const values = { ...loaderData.values, ...actionData?.typed }
  const problems: Record<string, string> = actionData?.problems ?? {}
  return (
    <>
      <PageHeading
        title={`Hide automatically: ${title}`}
        lead={`${means} Comments that reach the threshold are hidden without a person looking, in your name.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={problems} />
      <TrialTable trial={trial} />
      {hindrance ? (
        <p>{hindrance}</p>
      ) : (
        <Form method="post" className="maxw-tablet">
          <Field
            label="Threshold"
            name="threshold"
            hint={`A score from ${least} to 100. The higher, the fewer comments, and the fewer mistakes.`}
            inputMode="numeric"
            defaultValue={values.threshold}
            problem={problems.threshold}
            required
          />
          <Field
            label="Looked at by a person, of a hundred"
            name="sample"
            hint="Beside everything near the threshold, which is always looked at."
            inputMode="numeric"
            defaultValue={values.sample}
            problem={problems.sample}
            required
          />
          <Field
            label="Why"
            name="why"
            hint="Kept on record with your name."
            defaultValue={values.why}
            problem={problems.why}
            multiline
            rows={3}
            required
          />
          <button className="usa-button margin-top-2" type="submit">
            {on ? 'Change it' : 'Switch it on'}
          </button>
          <Link className="usa-button usa-button--outline" to="/console/automatic-hiding">
            Leave it as it is
          </Link>
        </Form>
      )}
    </>
  )
}
