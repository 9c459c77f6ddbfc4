import { Field } from '../../web/components/field.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { advise } from '../question.ts'
import type { Route } from './+types/advice'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => subjectOf(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, ({ advice }) => advise(installation(context), signedIn(context), id, advice))
}

export default function Advice({ loaderData, actionData }: Route.ComponentProps) {
  const { question } = loaderData.card
  return (
    <DecisionScreen
      title="Give advice about this comment"
      lead={
        question
          ? `${question.byName} asks${question.note ? `: “${question.note}”` : ' what you think.'}`
          : 'Nobody asks about this comment any more.'
      }
      button="Send the advice"
      subject={loaderData}
      reply={actionData}
      note={false}
    >
      <Field
        label="Your advice"
        name="advice"
        hint="It is kept on record."
        defaultValue={actionData?.typed.advice ?? ''}
        problem={actionData?.problems.advice}
        multiline
        rows={3}
      />
    </DecisionScreen>
  )
}
