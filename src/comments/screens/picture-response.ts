import { data } from 'react-router'
import type { Blobs } from '../../storage/blobs.ts'
import { renditionOf } from '../picture.ts'
import type { Picture } from '../store.ts'

/** One of a comment's pictures by its number in an address, made anew; otherwise an error page. */
export async function pictureResponse(
  blobs: Blobs,
  pictures: readonly Picture[],
  number: string,
): Promise<Response> {
  const blob = /^\d{1,2}$/.test(number) ? pictures[Number(number)]?.blob : null
  if (!blob) throw data('This comment has no such picture.', { status: 404 })
  const rendition = await renditionOf(blobs, blob)
  if (!rendition) throw data('This file can’t be shown as a picture. The archive holds it.', { status: 415 })
  return new Response(new Uint8Array(rendition), {
    headers: {
      'Content-Type': 'image/webp',
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
