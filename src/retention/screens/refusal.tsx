import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { refuseDisposition } from '../disposition.ts'
import type { Route } from './+types/refusal'
import { foundRun } from './found.ts'
import { ReasonForm, reasonIn } from './reason-form.tsx'

export const meta: Route.MetaFunction = () => [{ title: 'Refuse a disposition' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  run: await foundRun(context, params.id),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRun(context, params.id)
  const reason = reasonIn(await formOf(request))
  const answer = await refuseDisposition(installation(context), signedIn(context), id, reason)
  return answered(answer, `/console/retention/dispositions/${id}`, { reason })
}

export default function RunRefusal({ loaderData: { run }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Refuse the disposition of ${run.series.title.toLowerCase()}?`}
        lead="Everything on its list is kept. Another run can be proposed later."
      />
      <ReasonForm button="Refuse" secondary returned={actionData} />
    </>
  )
}
