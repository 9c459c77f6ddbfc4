import { Readable } from 'node:stream'
import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/post-image'
import { foundPost } from './found-post.ts'

/** An image of a draft, for those who work on it. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const all = installation(context)
  const post = await foundPost(all, params.id)
  const image = post.images.find(({ id }) => id === params.imageId)
  if (!image) throw data('This image is not part of the post any more.', { status: 404 })
  const content = Readable.toWeb(await all.blobs.read(image.blob)) as ReadableStream<Uint8Array>
  return new Response(content, {
    headers: {
      'Content-Type': image.media_type,
      'Content-Length': String(image.bytes),
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
