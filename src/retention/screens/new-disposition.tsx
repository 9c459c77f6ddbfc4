import { data, Form } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { proposeDisposition } from '../disposition.ts'
import { filesInARun } from '../limits.ts'
import { seriesLines, today } from '../store.ts'
import type { Route } from './+types/new-disposition'
import { mustReadRetention } from './found.ts'
import { keptFor } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Propose a disposition' }]

export async function loader({ request, context }: Route.LoaderArgs) {
  mustReadRetention(context)
  const { db } = installation(context)
  const day = await today(db)
  const series = (await seriesLines(db, day)).filter((one) => one.years !== null)
  return { series, day, chosen: new URL(request.url).searchParams.get('series') ?? '' }
}

const proposalForm = z.object({
  series: z.string().max(100).default(''),
  asOf: z.iso.date('Enter a day like 2026-01-31.'),
  note: z.string().trim().max(5000).default(''),
})

export async function action({ request, context }: Route.ActionArgs) {
  mustReadRetention(context)
  const form = await readForm(request, proposalForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await proposeDisposition(installation(context), signedIn(context), form.value)
  return answered(answer, (id) => `/console/retention/dispositions/${id}`, form.value)
}

export default function NewDisposition({
  loaderData: { series, day, chosen },
  actionData,
}: Route.ComponentProps) {
  const problems = actionData?.problems ?? {}
  const typed = actionData?.typed ?? {}
  return (
    <>
      <PageHeading
        title="Propose a disposition"
        lead="Nothing is destroyed by this. You get a list, and two people read it before anything happens."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={problems} />
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          label="Series"
          name="series"
          required
          defaultValue={typed.series ?? chosen}
          problem={problems.series}
          options={[
            { value: '', label: 'Choose a series' },
            ...series.map((one) => ({
              value: one.id,
              label: `${one.title} (${one.due === 0 ? 'nothing due' : `${one.due.toLocaleString('en-US')} due`})`,
            })),
          ]}
        />
        <Field
          label="Due by"
          name="asOf"
          type="date"
          hint="Files whose period was over on this day"
          required
          max={day}
          defaultValue={typed.asOf ?? day}
          problem={problems.asOf}
        />
        <Field
          label="Note"
          name="note"
          hint="What those who approve should know"
          multiline
          rows={3}
          defaultValue={typed.note}
        />
        <p className="usa-hint">
          A run takes {filesInARun.toLocaleString('en-US')} files at most, the oldest first. What is on hold,
          in use, or needed by a request is left out.
        </p>
        <button type="submit" className="usa-button">
          Make the list
        </button>
      </Form>
      <h2>How long they are kept</h2>
      <ul className="usa-list">
        {series.map((one) => (
          <li key={one.id}>
            {one.title}: {keptFor(one).toLowerCase()}. {one.basis}
          </li>
        ))}
      </ul>
    </>
  )
}
