import { installation, signedIn } from '../../web/context.ts'
import { escalate } from '../escalation.ts'
import type { Route } from './+types/new-escalation'
import { decided } from './decision-form.ts'
import { DecisionScreen } from './decision-screen.tsx'
import { subjectOf } from './decision-subject.ts'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await subjectOf(context, params.id)
  return { subject, kinds: [...installation(context).policy.escalationKinds] }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  return decided(request, id, ({ kind, note }) =>
    escalate(installation(context), signedIn(context), id, { kind, note }),
  )
}

export default function NewEscalation({ loaderData, actionData }: Route.ComponentProps) {
  const { subject, kinds } = loaderData
  return (
    <DecisionScreen
      title="Pass this comment on"
      lead="Somebody else has to know of it. It decides nothing about the comment, which stays where it is."
      button="Pass it on"
      subject={subject}
      reply={actionData}
    >
      <fieldset className="usa-fieldset margin-top-2">
        <legend className="usa-legend">What it is</legend>
        {kinds.map((kind) => (
          <div className="usa-radio" key={kind.id}>
            <input
              className="usa-radio__input usa-radio__input--tile"
              id={`kind-${kind.id}`}
              type="radio"
              name="kind"
              value={kind.id}
              defaultChecked={actionData?.typed.kind === kind.id}
              required
            />
            <label className="usa-radio__label" htmlFor={`kind-${kind.id}`}>
              {kind.title}
              <span className="usa-radio__label-description">
                {kind.covers} It goes to {kind.receiver}
                {kind.withinMinutes === 0 ? ', at once' : ''} ({kind.clause}).
              </span>
            </label>
          </div>
        ))}
      </fieldset>
    </DecisionScreen>
  )
}
