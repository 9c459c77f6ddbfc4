import { data } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { importUpload } from '../resumable.ts'
import type { Route } from './+types/upload-import'
import { refusedUpload } from './refused-upload.ts'

/** Begins the import of a file that has arrived; the form's script sends the checksum that it made of it. */
export async function action({ request, params, context }: Route.ActionArgs) {
  const id = parseId<'import'>(params.id)
  if (!id) throw data(null, { status: 404 })
  const told: unknown = await request.json().catch(() => null)
  const sha256 = told && typeof told === 'object' && 'sha256' in told ? String(told.sha256) : ''
  const answer = await importUpload(installation(context), whoIs(signedIn(context)), id, sha256)
  return 'done' in answer ? Response.json({ to: `/console/imports/${answer.done}` }) : refusedUpload(answer)
}
