import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { releaseHold } from '../hold.ts'
import type { Route } from './+types/release'
import { foundHold } from './found.ts'
import { ReasonForm, reasonIn } from './reason-form.tsx'

export const meta: Route.MetaFunction = () => [{ title: 'Release a hold' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  hold: await foundHold(context, params.id),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundHold(context, params.id)
  const reason = reasonIn(await formOf(request))
  const answer = await releaseHold(installation(context), signedIn(context), id, reason)
  return answered(answer, `/console/retention/holds/${id}`, { reason })
}

export default function Release({ loaderData: { hold }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Release “${hold.matter}”?`}
        lead="What it covers can be disposed of again when its period is over. What another hold covers stays held."
      />
      <ReasonForm
        button="Release the hold"
        hint="For example: settled, and the time for an appeal is over"
        secondary
        returned={actionData}
      />
    </>
  )
}
