import { data, Form } from 'react-router'
import { z } from 'zod'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { acceptInvitation, invitationOf } from '../department.ts'
import { password } from '../joining.ts'
import type { Route } from './+types/invitation'
import { goWith } from './go.ts'
import { Narrow } from './narrow.tsx'

const form = z.object({ password })

export async function loader({ context, params }: Route.LoaderArgs) {
  const found = await invitationOf(installation(context), params.token)
  return { name: found?.name ?? null, email: found?.email ?? null }
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const here = installation(context)
  const typed = await readForm(request, form)
  if (!typed.valid) return data({ problems: typed.problems }, { status: 422 })
  const answer = await acceptInvitation(here, params.token, typed.value.password)
  if (!('done' in answer))
    return data(
      { problems: 'problems' in answer ? answer.problems : { form: answer.denied.because } },
      { status: 409 },
    )
  const entered = await here.auth.signIn(answer.done, typed.value.password, request.headers)
  throw goWith('cookies' in entered ? entered.cookies : [], '/second-factor')
}

export default function Invitation({ loaderData, actionData }: Route.ComponentProps) {
  if (!loaderData.name)
    return (
      <Narrow title="This link is not valid">
        <p>It was used, replaced by another one, or is older than a week. Ask for a new one.</p>
      </Narrow>
    )
  const problems: Record<string, string> = actionData?.problems ?? {}
  return (
    <Narrow title={`Welcome, ${loaderData.name}`} lead="Choose your password. A second step follows.">
      <Form method="post" className="usa-form usa-form--large">
        <ErrorSummary problems={problems} />
        <input type="hidden" name="username" autoComplete="username" value={loaderData.email ?? ''} />
        <Field
          label="Password"
          type="password"
          name="password"
          hint="At least 12 characters. Four words are good."
          autoComplete="new-password"
          problem={problems.password}
          required
        />
        <button className="usa-button" type="submit">
          Join
        </button>
      </Form>
    </Narrow>
  )
}
