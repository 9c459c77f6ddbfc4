import { redirect } from 'react-router'
import { installation, signedIn } from '../../web/context.ts'
import { endHold } from '../hold.ts'
import type { Route } from './+types/hold-end'
import { mustModerate } from './found-comment.ts'
import { stepTaken } from './incident-step.ts'

export async function action({ params, context }: Route.ActionArgs) {
  mustModerate(context)
  stepTaken(await endHold(installation(context), signedIn(context), params.id, params.hold), params.id)
}

export const loader = ({ params }: Route.LoaderArgs) => redirect(`/console/incidents/${params.id}`)
