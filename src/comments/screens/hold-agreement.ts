import { redirect } from 'react-router'
import { installation, signedIn } from '../../web/context.ts'
import { agreeToHold } from '../hold.ts'
import type { Route } from './+types/hold-agreement'
import { mustModerate } from './found-comment.ts'
import { stepTaken } from './incident-step.ts'

export async function action({ params, context }: Route.ActionArgs) {
  mustModerate(context)
  stepTaken(await agreeToHold(installation(context), signedIn(context), params.id, params.hold), params.id)
}

export const loader = ({ params }: Route.LoaderArgs) => redirect(`/console/incidents/${params.id}`)
