import { Readable } from 'node:stream'
import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { imageShown } from '../store.ts'
import type { Route } from './+types/image'

export const handle = { forEverybody: true }

/** An image of a post that is on a page now. Nothing else that is kept can be had here. */
export async function loader({ request, params, context }: Route.LoaderArgs) {
  const { db, blobs } = installation(context)
  const { sha256 } = params
  const mediaType = /^[0-9a-f]{64}$/.test(sha256) ? await imageShown(db, sha256) : null
  if (!mediaType) throw data('No post shows this image.', { status: 404 })
  // The address names the content, so what was fetched once never changes.
  const headers = {
    'Content-Type': mediaType,
    'Cache-Control': 'public, max-age=31536000, immutable',
    ETag: `"${sha256}"`,
    'X-Content-Type-Options': 'nosniff',
  }
  if (request.headers.get('If-None-Match') === headers.ETag)
    return new Response(null, { status: 304, headers })
  const content = Readable.toWeb(await blobs.read(sha256)) as ReadableStream<Uint8Array>
  return new Response(content, { headers })
}
