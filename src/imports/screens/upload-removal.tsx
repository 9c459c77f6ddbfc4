import { data, Form, Link } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { discardUpload, uploadState } from '../resumable.ts'
import type { Route } from './+types/upload-removal'
import { mustSeeImports } from './found-import.ts'
import { sizeOf } from './size.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  mustSeeImports(context)
  const id = parseId<'import'>(params.id)
  const upload = id && (await uploadState(installation(context), id))
  if (!upload) throw data('There is no such upload. The list of imports shows all of them.', { status: 404 })
  const { fileName, bytes, received } = upload
  return { fileName, bytes, received }
}

export async function action({ params, context }: Route.ActionArgs) {
  const id = parseId<'import'>(params.id)
  if (!id) throw data(null, { status: 404 })
  const answer = await discardUpload(installation(context), whoIs(signedIn(context)), id)
  return answered(answer, '/console/imports')
}

export default function UploadRemoval({ loaderData, actionData }: Route.ComponentProps) {
  const { fileName, bytes, received } = loaderData
  return (
    <>
      <PageHeading title="Discard this upload?" lead={fileName} />
      <ErrorSummary problems={actionData?.problems ?? {}} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <p>
        {sizeOf(received)} of {sizeOf(bytes)} have arrived, and are deleted from the server. Nothing of it is
        in the archive yet, and your own file stays as it is.
      </p>
      <Form method="post" className="pv-actions">
        <button type="submit" className="usa-button">
          Discard the upload
        </button>
        <Link className="usa-button usa-button--outline" to="/console/imports">
          Keep it
        </Link>
      </Form>
    </>
  )
}
