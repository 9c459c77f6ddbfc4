import { data, redirect } from 'react-router'
import { installation, signedIn } from '../../web/context.ts'
import { switchOff } from '../automatic.ts'
import type { Route } from './+types/automatic-end'
import { mustModerate } from './found-comment.ts'

export async function action({ params, context }: Route.ActionArgs) {
  mustModerate(context)
  const answer = await switchOff(installation(context), signedIn(context), params.category)
  if ('denied' in answer) throw data(`${answer.denied.because} ${answer.denied.wayForward}`, { status: 403 })
  throw redirect('/console/automatic-hiding')
}

export const loader = () => redirect('/console/automatic-hiding')
