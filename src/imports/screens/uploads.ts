import { data } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { beginUpload } from '../resumable.ts'
import type { Route } from './+types/uploads'
import { refusedUpload } from './refused-upload.ts'
import { tusHeaders } from './tus.ts'

/** Begins an upload in pieces, as the tus protocol 1.0 does (its “creation” extension). */
export async function action({ request, context }: Route.ActionArgs) {
  if (request.method !== 'POST') throw data(null, { status: 405 })
  const told = metadataIn(request.headers.get('upload-metadata') ?? '')
  const modified = new Date(Number(told.get('modified') || Number.NaN))
  const answer = await beginUpload(installation(context), whoIs(signedIn(context)), {
    page: parseId<'page'>(told.get('page') ?? ''),
    fileName: told.get('filename') ?? '',
    bytes: Number(request.headers.get('upload-length') ?? Number.NaN),
    modified: Number.isNaN(modified.getTime()) ? null : modified,
  })
  if (!('done' in answer)) return refusedUpload(answer)
  return new Response(null, {
    status: 201,
    headers: { ...tusHeaders, Location: `/console/imports/uploads/${answer.done}` },
  })
}

/** What is told of the file: names, each with a value in Base64, with commas in between. */
function metadataIn(header: string): Map<string, string> {
  return new Map(
    header.split(',').map((one) => {
      const [name = '', value = ''] = one.trim().split(' ')
      return [name, Buffer.from(value, 'base64').toString('utf8')]
    }),
  )
}
