import { Form, Link, redirect } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { retryCapture } from '../order.ts'
import type { Route } from './+types/attempt'
import { foundCapture } from './found-capture.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const { id, address, state, failedBecause } = await foundCapture(context, params.id)
  if (state !== 'failed') throw redirect(`/console/captures/${id}`)
  return { id, address, failedBecause }
}

export async function action({ params, context }: Route.ActionArgs) {
  const { id } = await foundCapture(context, params.id)
  const answer = await retryCapture(installation(context), signedIn(context), id)
  return answered(answer, (open) => `/console/captures/${open}`)
}

export default function Attempt({ loaderData, actionData }: Route.ComponentProps) {
  const { id, address, failedBecause } = loaderData
  return (
    <>
      <PageHeading title="Try this capture again?" lead={<span className="text-break">{address}</span>} />
      <ErrorSummary problems={actionData?.problems ?? {}} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <p>The last attempt ended so: {failedBecause}</p>
      <Form method="post" className="pv-actions">
        <button type="submit" className="usa-button">
          Try again
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/captures/${id}`}>
          Leave it
        </Link>
      </Form>
    </>
  )
}
