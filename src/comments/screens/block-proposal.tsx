import { Form, Link } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { groundsFor, proposeBlock } from '../block.ts'
import type { Route } from './+types/block-proposal'
import { appealRefused } from './appeal-field.tsx'
import { Narrower } from './block-parts.tsx'
import { whatElse } from './block-subject.ts'
import { Choices } from './choices.tsx'
import { foundComment } from './found-comment.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const comment = await foundComment(context, params.id)
  const here = installation(context)
  const { longestDays, reasons } = here.policy.appeals.blocks
  return {
    id: comment.id,
    name: comment.author_name,
    longestDays,
    alsoDoes: await whatElse(context, comment.page),
    reasons: await Promise.all(
      reasons.map(async (reason) => ({
        ...reason,
        standing: (await groundsFor(here.db, here, comment.page, comment.author_remote_id, reason)).length,
      })),
    ),
  }
}

const proposalForm = z.object({
  reason: z.string('Choose the reason.').default(''),
  days: z.coerce
    .number('Write a number of days.')
    .int('Write whole days.')
    .positive('A block has at least a day.'),
  narrower: z.string().max(2000, 'Keep it under 2,000 characters.').default(''),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundComment(context, params.id)
  const form = await readForm(request, proposalForm)
  if (!form.valid) return appealRefused(form)
  const answer = await proposeBlock(installation(context), signedIn(context), id, form.value)
  return answered(answer, (block) => `/console/blocks/${block}`, {
    ...form.value,
    days: String(form.value.days),
  })
}

export default function BlockProposal({ loaderData, actionData }: Route.ComponentProps) {
  const { id, name, longestDays, alsoDoes, reasons } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  return (
    <>
      <PageHeading
        title={`Propose to block ${name}`}
        lead="A second person has to agree. It ends by itself, and the author hears why and how to appeal where that is possible."
      />
      {refusal && <Refusal decision={refusal} />}
      <ErrorSummary problems={problems} />
      <Narrower alsoDoes={alsoDoes} />
      <Form method="post" className="maxw-tablet">
        <Choices
          title="Reason"
          name="reason"
          options={reasons.map((one) => ({
            ...one,
            means: `${one.covers} (${one.clause}) It needs ${one.removals} removals within ${one.withinDays} days that stand; this author has ${one.standing}.`,
          }))}
          chosen={typed.reason}
          problem={problems.reason}
        />
        <Field
          label="Days"
          name="days"
          type="number"
          min={1}
          max={longestDays}
          hint={`As few as will do, at most ${longestDays}.`}
          defaultValue={typed.days ?? '7'}
          problem={problems.days}
          required
        />
        <Field
          label="Why hiding single comments is not enough"
          name="narrower"
          hint="The second person reads it, and it is on record."
          defaultValue={typed.narrower}
          problem={problems.narrower}
          multiline
          rows={3}
          required
        />
        <button className="usa-button margin-top-2" type="submit">
          Propose it
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/comments/${id}/author`}>
          Leave it
        </Link>
      </Form>
    </>
  )
}
