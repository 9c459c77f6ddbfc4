import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { Field } from '../../web/components/field.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { answerForDepartment } from '../department-answer.ts'
import type { Route } from './+types/department-answer'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  return { subject: await subjectOf(context, params.id) }
}

const answerForm = z.object({ text: z.string().default('') })

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  const form = checkForm(await formOf(request), answerForm)
  const text = form.valid ? form.value.text : ''
  const answer = await answerForDepartment(installation(context), signedIn(context), id, text)
  return answered(answer, (made) => `/console/comments/${made}`, { text })
}

export default function DepartmentAnswer({ loaderData: { subject }, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Answer for the department"
      lead="Everybody reads it under the comment, marked as the department’s. It is screened like a post and is a public record."
      button="Post the answer"
      subject={subject}
      reply={actionData}
      note={false}
    >
      <Field
        label="The department’s answer"
        name="text"
        hint="The line that names you, as the page’s posts have it, is put below."
        defaultValue={actionData?.typed.text ?? ''}
        problem={actionData?.problems.text}
        multiline
        rows={5}
        required
      />
    </DecisionScreen>
  )
}
