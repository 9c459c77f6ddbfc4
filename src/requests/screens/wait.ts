import { redirect } from 'react-router'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { beginWait, endWait } from '../waiting-for.ts'
import type { Route } from './+types/wait'
import { foundRequest } from './found.ts'
import { requestPath } from './request-path.ts'

/** Begins or ends what a request waits for; the buttons stand on the request's own screen. */
export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const change = form.get('intent') === 'end' ? endWait : beginWait
  const answer = await change(installation(context), signedIn(context), id, String(form.get('reason')))
  const said =
    'done' in answer
      ? ''
      : 'denied' in answer
        ? answer.denied.because
        : Object.values(answer.problems).join(' ')
  throw redirect(`${requestPath(id)}${said ? `?${new URLSearchParams({ problem: said })}` : ''}#waiting`)
}
