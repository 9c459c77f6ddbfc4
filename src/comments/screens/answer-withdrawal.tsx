import { installation, signedIn } from '../../web/context.ts'
import { withdrawAnswer } from '../department-answer.ts'
import type { Route } from './+types/answer-withdrawal'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  return { subject: await subjectOf(context, params.id) }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, ({ note }) =>
    withdrawAnswer(installation(context), signedIn(context), id, note),
  )
}

export default function AnswerWithdrawal({ loaderData: { subject }, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Take the answer back"
      lead="It leaves the page. Its record stays. Say why in the note."
      button="Take it back"
      subject={subject}
      reply={actionData}
    />
  )
}
