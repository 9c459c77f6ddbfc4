import { data, Form } from 'react-router'
import { z } from 'zod'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import type { Route } from './+types/sign-in'
import { goWith, wanted } from './go.ts'
import { Narrow } from './narrow.tsx'
import { PasskeySignIn } from './passkey-buttons.tsx'

const form = z.object({
  email: z.string().min(1, 'Enter your e-mail address.'),
  password: z.string().min(1, 'Enter your password.'),
})

export const loader = ({ request }: Route.LoaderArgs) => ({ to: wanted(request) })

export async function action({ context, request }: Route.ActionArgs) {
  const typed = await readForm(request, form)
  if (!typed.valid) return data({ problems: typed.problems, email: typed.typed.email }, { status: 422 })
  const answer = await installation(context).auth.signIn(
    typed.value.email,
    typed.value.password,
    request.headers,
  )
  if (answer.outcome === 'refused')
    return data({ problems: { form: answer.because }, email: typed.value.email }, { status: 403 })
  const to = wanted(request)
  throw goWith(
    answer.cookies,
    answer.outcome === 'code' ? `/sign-in/code?${new URLSearchParams({ to })}` : to,
  )
}

export default function SignIn({ loaderData, actionData }: Route.ComponentProps) {
  const problems: Record<string, string> = actionData?.problems ?? {}
  return (
    <Narrow title="Sign in">
      <Form method="post" className="usa-form">
        <ErrorSummary problems={problems} />
        <Field
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="username webauthn"
          problem={problems.email}
          defaultValue={actionData?.email}
          required
        />
        <Field
          label="Password"
          type="password"
          name="password"
          autoComplete="current-password"
          problem={problems.password}
          required
        />
        <button className="usa-button" type="submit">
          Sign in
        </button>
      </Form>
      <PasskeySignIn to={loaderData.to} />
    </Narrow>
  )
}
