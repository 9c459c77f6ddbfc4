import { Form, Link } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { approveDisposition } from '../disposition.ts'
import type { Route } from './+types/approval'
import { foundRun } from './found.ts'
import { count, keptFor } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Approve a disposition' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  run: await foundRun(context, params.id),
})

export async function action({ params, context }: Route.ActionArgs) {
  const { id } = await foundRun(context, params.id)
  const answer = await approveDisposition(installation(context), signedIn(context), id)
  return answered(answer, `/console/retention/dispositions/${id}`)
}

export default function Approval({ loaderData: { run }, actionData }: Route.ComponentProps) {
  const { files, excepted, records, exceptedRecords } = run.counts
  return (
    <>
      <PageHeading
        title={`Approve the disposition of ${run.series.title.toLowerCase()}?`}
        lead="What is destroyed can't be brought back."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <p>
        {count(files - excepted, 'file')} of the list with {count(records - exceptedRecords, 'record')},
        proposed by {run.proposedByName}. They are kept: {keptFor(run.series).toLowerCase()}.{' '}
        <Link to={`/console/retention/dispositions/${run.id}`}>Read the list</Link> before you agree; you can
        keep single files there.
      </p>
      <Form method="post">
        <button className="usa-button" type="submit">
          I have read the list and approve it
        </button>
      </Form>
    </>
  )
}
