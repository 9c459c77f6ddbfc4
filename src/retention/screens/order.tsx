import { Form } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { orderDisposition } from '../disposition.ts'
import type { Route } from './+types/order'
import { foundRun } from './found.ts'
import { count } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Carry a disposition out' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  run: await foundRun(context, params.id),
})

export async function action({ params, context }: Route.ActionArgs) {
  const { id } = await foundRun(context, params.id)
  const answer = await orderDisposition(installation(context), signedIn(context), id)
  return answered(answer, `/console/retention/dispositions/${id}`)
}

export default function Order({ loaderData: { run }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Destroy ${count(run.counts.files - run.counts.excepted, 'file')}?`}
        lead="The content, the words and the files of these records, and every copy in Plainview. It can't be undone."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <p>
        Each file is checked once more when its turn comes: what is on hold by then, or needed by a request,
        is kept. You can cancel until the first file is destroyed. Backups keep what they hold until they
        expire.
      </p>
      <Form method="post">
        <button className="usa-button usa-button--secondary" type="submit">
          Carry it out
        </button>
      </Form>
    </>
  )
}
