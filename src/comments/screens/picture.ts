import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { renditionOf } from '../picture.ts'
import type { Route } from './+types/picture'
import { foundComment } from './found-comment.ts'

/** A picture of a comment, for those who decide about it. */
export async function loader({ params, context }: Route.LoaderArgs): Promise<Response> {
  const { pictures } = await foundComment(context, params.id)
  const blob = /^\d{1,2}$/.test(params.number) ? pictures[Number(params.number)]?.blob : null
  if (!blob) throw data('This comment has no such picture.', { status: 404 })
  const rendition = await renditionOf(installation(context).blobs, blob)
  if (!rendition) throw data('This file can’t be shown as a picture. The archive holds it.', { status: 415 })
  return new Response(new Uint8Array(rendition), {
    headers: {
      'Content-Type': 'image/webp',
      'Cache-Control': 'private, max-age=3600',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
