import { installation, signedIn } from '../../web/context.ts'
import { withdrawQuestion } from '../question.ts'
import type { Route } from './+types/question-withdrawal'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => subjectOf(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, () => withdrawQuestion(installation(context), signedIn(context), id))
}

export default function QuestionWithdrawal({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Take your question back"
      lead="Your colleagues are asked no more. The comment waits for a decision as before."
      button="Take it back"
      subject={loaderData}
      reply={actionData}
      note={false}
    />
  )
}
