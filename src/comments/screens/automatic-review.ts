import { data, redirect } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { agree } from '../automatic.ts'
import type { Route } from './+types/automatic-review'
import { mustModerate } from './found-comment.ts'

export async function action({ params, context }: Route.ActionArgs) {
  mustModerate(context)
  const id = parseId(params.decision)
  if (!id) throw data('There is nothing like that to look at.', { status: 404 })
  const answer = await agree(installation(context), signedIn(context), id)
  if ('denied' in answer) throw data(`${answer.denied.because} ${answer.denied.wayForward}`, { status: 403 })
  if ('problems' in answer) throw data(answer.problems.form ?? 'This is not possible.', { status: 409 })
  throw redirect('/console/automatic-hiding')
}

export const loader = () => redirect('/console/automatic-hiding')
