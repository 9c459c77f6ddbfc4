import { Form, Link } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { decideAppeal } from '../appeal.ts'
import type { Route } from './+types/appeal-decision'
import { appealRefused } from './appeal-field.tsx'
import { AppealCase, Deciders } from './appeal-parts.tsx'
import { appealSubject } from './appeal-subject.ts'
import { Choices } from './choices.tsx'

export const loader = ({ params, context }: Route.LoaderArgs) => appealSubject(context, params.id)

const decisionForm = z.object({
  outcome: z.enum(['upheld', 'reversed'], 'Choose whether it stands.'),
  reasons: z.string().max(5000, 'Keep the reasons under 5,000 characters.').default(''),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { appeal } = await appealSubject(context, params.id)
  const form = await readForm(request, decisionForm)
  if (!form.valid) return appealRefused(form)
  const answer = await decideAppeal(installation(context), signedIn(context), appeal.id, form.value)
  return answered(answer, `/console/appeals/${appeal.id}`, form.value)
}

const outcomes = {
  removal: [
    ['reversed', 'Show the comment again', 'The removal is taken back, here and where it was written.'],
    ['upheld', 'The removal stands', 'The comment stays hidden, and on record.'],
  ],
  block: [
    ['reversed', 'End the block', 'The author can comment again, here and where the block was set.'],
    ['upheld', 'The block stands', 'It ends on its day.'],
  ],
} as const

export default function AppealDecision({ loaderData, actionData }: Route.ComponentProps) {
  const { appeal, mayDecide, card } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  return (
    <>
      <PageHeading
        title="Decide on this appeal"
        lead={`Look at the comment as if nobody had decided yet. Due by ${appeal.due}.`}
      />
      {refusal && <Refusal decision={refusal} />}
      <ErrorSummary problems={problems} />
      <AppealCase subject={loaderData} />
      {appeal.decision || !mayDecide ? (
        <>
          <p>
            {appeal.decision ? `${appeal.decision.byName} has decided.` : 'This one is not yours to decide.'}
          </p>
          {!appeal.decision && <Deciders subject={loaderData} />}
          <p>
            <Link to={`/console/appeals/${appeal.id}`}>Back to the appeal</Link>
          </p>
        </>
      ) : (
        <Form method="post" className="maxw-tablet">
          <Choices
            title="Decision"
            name="outcome"
            options={outcomes[loaderData.against.kind].map(([id, title, means]) => ({ id, title, means }))}
            chosen={typed.outcome}
            problem={problems.outcome}
          />
          <Field
            label="Reasons"
            name="reasons"
            hint={`For ${card.authorName}, who reads them with the code. They are on record.`}
            defaultValue={typed.reasons}
            problem={problems.reasons}
            multiline
            rows={4}
            required
          />
          <button className="usa-button margin-top-2" type="submit">
            Decide
          </button>
          <Link className="usa-button usa-button--outline" to={`/console/appeals/${appeal.id}`}>
            Not now
          </Link>
        </Form>
      )}
    </>
  )
}
