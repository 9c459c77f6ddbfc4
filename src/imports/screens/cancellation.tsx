import { Form, Link } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { cancelImport } from '../starting.ts'
import type { Route } from './+types/cancellation'
import { foundImport } from './found-import.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const { id, fileName } = await foundImport(context, params.id)
  return { id, fileName }
}

export async function action({ params, context }: Route.ActionArgs) {
  const { id } = await foundImport(context, params.id)
  const answer = await cancelImport(installation(context), whoIs(signedIn(context)), id)
  return answered(answer, `/console/imports/${id}`)
}

export default function Cancellation({ loaderData, actionData }: Route.ComponentProps) {
  const { id, fileName } = loaderData
  return (
    <>
      <PageHeading title="Cancel this import?" lead={fileName} />
      <ErrorSummary problems={actionData?.problems ?? {}} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <p>
        What it made so far is in the archive and stays there: records are never taken back. The uploaded file
        is deleted. You can import it again later; what is known is not taken twice.
      </p>
      <Form method="post" className="pv-actions">
        <button type="submit" className="usa-button">
          Cancel the import
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/imports/${id}`}>
          Let it go on
        </Link>
      </Form>
    </>
  )
}
