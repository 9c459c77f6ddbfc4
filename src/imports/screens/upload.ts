import { Readable } from 'node:stream'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { receivePiece, uploadState } from '../resumable.ts'
import { full } from '../upload.ts'
import type { Route } from './+types/upload'
import { mustSeeImports } from './found-import.ts'
import { refusedUpload } from './refused-upload.ts'
import { tusHeaders } from './tus.ts'

/** Where an upload goes on (tus 1.0, HEAD). */
export async function loader({ params, context }: Route.LoaderArgs) {
  mustSeeImports(context)
  const id = parseId<'import'>(params.id)
  const upload = id && (await uploadState(installation(context), id))
  if (!upload) return status(404)
  return status(200, { 'Upload-Offset': String(upload.received), 'Upload-Length': String(upload.bytes) })
}

/** Takes the next piece (tus 1.0, PATCH). */
export async function action({ request, params, context }: Route.ActionArgs) {
  if (request.method !== 'PATCH') return status(405)
  if (request.headers.get('content-type') !== 'application/offset+octet-stream') return status(415)
  const id = parseId<'import'>(params.id)
  if (!id) return status(404)
  const answer = await receivePiece(installation(context), whoIs(signedIn(context)), id, {
    offset: Number(request.headers.get('upload-offset') ?? Number.NaN),
    body: request.body ? Readable.fromWeb(request.body as never) : Readable.from([]),
  })
  if ('denied' in answer) return refusedUpload(answer)
  if ('received' in answer) return status(204, { 'Upload-Offset': String(answer.received) })
  if (answer.problem === 'full') return refusedUpload({ problems: { file: full } })
  return status(statuses[answer.problem])
}

/** As the protocol wants them; the script asks where to go on after 409 and 423. */
const statuses = { gone: 404, elsewhere: 409, taken: 423, 'too long': 413 } as const

const status = (status: number, headers: Record<string, string> = {}) =>
  new Response(null, { status, headers: { ...tusHeaders, ...headers } })
