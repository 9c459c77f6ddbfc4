import { installation, signedIn } from '../../web/context.ts'
import { approveAnswer } from '../answer-approval.ts'
import type { Route } from './+types/answer-approval'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  return { subject: await subjectOf(context, params.id) }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, (form) => approveAnswer(installation(context), signedIn(context), id, form))
}

export default function AnswerApproval({ loaderData: { subject }, actionData }: Route.ComponentProps) {
  return (
    <DecisionScreen
      title="Approve this answer"
      lead="It was given with the page’s account on its platform, where nobody asked here first. If it may not stand, delete it there: the deletion is captured."
      button="Approve it"
      subject={subject}
      reply={actionData}
    />
  )
}
