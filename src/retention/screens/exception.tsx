import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { exceptFile } from '../disposition.ts'
import type { Route } from './+types/exception'
import { foundRun } from './found.ts'
import { ReasonForm, reasonIn } from './reason-form.tsx'

export const meta: Route.MetaFunction = () => [{ title: 'Keep a file' }]

/** Which file of the list: it stands in the address. */
function fileIn(request: Request) {
  const address = new URL(request.url).searchParams
  return { kind: address.get('kind') ?? '', id: address.get('thing') ?? '' }
}

export const loader = async ({ request, params, context }: Route.LoaderArgs) => ({
  run: await foundRun(context, params.id),
  file: fileIn(request),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRun(context, params.id)
  const reason = reasonIn(await formOf(request.clone()))
  const answer = await exceptFile(installation(context), signedIn(context), id, fileIn(request), reason)
  return answered(answer, `/console/retention/dispositions/${id}`, { reason })
}

export default function Exception({ loaderData: { run, file }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Keep this ${file.kind}?`}
        lead={`It comes off the list of the disposition of ${run.series.title.toLowerCase()}, and nothing of it is destroyed by this run.`}
      />
      <ReasonForm
        button="Keep it"
        hint="For example: of lasting interest for the history of the town"
        returned={actionData}
      />
    </>
  )
}
