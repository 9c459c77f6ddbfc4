import { data, Form } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { installation } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import type { Route } from './+types/code'
import { goWith, wanted } from './go.ts'
import { Narrow } from './narrow.tsx'

export async function action({ context, request }: Route.ActionArgs) {
  const form = await formOf(request)
  const answer = await installation(context).auth.verifyCode(String(form.get('code') ?? ''), request.headers)
  if (answer.outcome !== 'in')
    return data({ problems: { code: answer.outcome === 'refused' ? answer.because : '' } }, { status: 403 })
  throw goWith(answer.cookies, wanted(request))
}

export default function Code({ actionData }: Route.ComponentProps) {
  const problems: Record<string, string> = actionData?.problems ?? {}
  return (
    <Narrow title="Enter your code">
      <Form method="post" className="usa-form">
        <ErrorSummary problems={problems} />
        <Field
          label="Code"
          hint="The six digits that your code app shows, or one of your backup codes."
          name="code"
          autoComplete="one-time-code"
          problem={problems.code}
          required
        />
        <button className="usa-button" type="submit">
          Continue
        </button>
      </Form>
      <p>
        <a href="/sign-in">Begin again</a>
      </p>
    </Narrow>
  )
}
