import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { askColleague, colleaguesOf } from '../question.ts'
import type { Route } from './+types/question'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await subjectOf(context, params.id)
  const { db, policy, now } = installation(context)
  const colleagues = await colleaguesOf(db, policy, signedIn(context), now())
  return { subject, colleagues: colleagues.map(({ id, name, title }) => ({ id, name, title })) }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, ({ asked, note }) =>
    askColleague(installation(context), signedIn(context), id, { asked: parseId<'person'>(asked), note }),
  )
}

export default function AskColleague({ loaderData, actionData }: Route.ComponentProps) {
  const { subject, colleagues } = loaderData
  return (
    <DecisionScreen
      title="Ask a colleague"
      lead="They give advice, or decide. The comment stays where it is, and anybody may still decide about it."
      button="Ask"
      subject={subject}
      reply={actionData}
    >
      <label className="usa-label" htmlFor="asked">
        Whom to ask
      </label>
      <select className="usa-select" id="asked" name="asked" defaultValue={actionData?.typed.asked ?? ''}>
        <option value="">Anybody who decides on comments</option>
        {colleagues.map(({ id, name, title }) => (
          <option key={id} value={id}>
            {name}, {title}
          </option>
        ))}
      </select>
    </DecisionScreen>
  )
}
