import { redirect } from 'react-router'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/sign-out'
import { goWith } from './go.ts'

export const loader = () => redirect('/sign-in')

export async function action({ context, request }: Route.ActionArgs) {
  return goWith(await installation(context).auth.signOut(request.headers), '/sign-in')
}
