import { data, Form } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { setUp, setUpForm, setUpLinkIsGood } from '../department.ts'
import type { Route } from './+types/set-up'
import { DepartmentFields } from './department-fields.tsx'
import { goWith } from './go.ts'
import { Narrow } from './narrow.tsx'

export async function loader({ context, params }: Route.LoaderArgs) {
  const here = installation(context)
  return { good: await setUpLinkIsGood(here, params.token), policy: here.policy.title }
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const here = installation(context)
  const form = await readForm(request, setUpForm)
  if (!form.valid) return data({ problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await setUp(here, params.token, form.value)
  if ('problems' in answer) return data({ problems: answer.problems, typed: {} }, { status: 409 })
  if ('denied' in answer)
    return data({ problems: { form: answer.denied.because }, typed: {} }, { status: 403 })
  const entered = await here.auth.signIn(form.value.email, form.value.password, request.headers)
  throw goWith('cookies' in entered ? entered.cookies : [], '/second-factor')
}

export default function SetUp({ loaderData, actionData }: Route.ComponentProps) {
  if (!loaderData.good)
    return (
      <Narrow title="This link is not valid">
        <p>
          It was used, or it is older than a day. If the department is not set up yet, start Plainview again:
          it prints a new link.
        </p>
        <p>
          <a className="usa-button" href="/sign-in">
            Sign in
          </a>
        </p>
      </Narrow>
    )
  const problems: Record<string, string> = actionData?.problems ?? {}
  const values: Record<string, string> = { time_zone: 'America/New_York', ...actionData?.typed }
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: values[name] ?? '' })
  return (
    <Narrow title="Set up Plainview" lead="Two minutes: the department, then you.">
      <Form method="post" className="usa-form usa-form--large">
        <ErrorSummary problems={problems} />
        <DepartmentFields values={values} problems={problems} />
        <fieldset className="usa-fieldset margin-top-4">
          <legend className="usa-legend usa-legend--large">The chief executive</legend>
          <Field label="Your name" {...field('name')} autoComplete="name" required />
          <Field label="Rank or title" {...field('title')} />
          <Field
            label="Your e-mail address"
            type="email"
            {...field('email')}
            autoComplete="username"
            required
          />
          <Field
            label="Password"
            type="password"
            name="password"
            problem={problems.password}
            hint="At least 12 characters. A second step follows: a code app or a passkey."
            autoComplete="new-password"
            required
          />
        </fieldset>
        <p>
          Plainview will run by the policy <strong>{loaderData.policy}</strong>.
        </p>
        <button className="usa-button" type="submit">
          Set up
        </button>
      </Form>
    </Narrow>
  )
}
