import { whoIs } from '../../department/department.ts'
import { installation, signedIn } from '../../web/context.ts'
import { receiveUpload } from '../upload.ts'
import type { Route } from './+types/upload'

/** What the form's script sends the file to, so that it can show how much of it is sent. */
export interface Uploaded {
  /** Where to go on. */
  to?: string
  /** Why not, in sentences. */
  problems?: string[]
}

export async function action({ request, context }: Route.ActionArgs) {
  const answer = await receiveUpload(installation(context), whoIs(signedIn(context)), request)
  const told: Uploaded =
    'done' in answer
      ? { to: `/console/imports/${answer.done}` }
      : 'denied' in answer
        ? { problems: [`${answer.denied.because} ${answer.denied.wayForward}`] }
        : { problems: Object.values(answer.problems) }
  return Response.json(told, { status: 'done' in answer ? 200 : 'denied' in answer ? 403 : 422 })
}
