import { Readable } from 'node:stream'
import { data } from 'react-router'
import { readRecord } from '../../archive/archive.ts'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { redactFile } from '../redact-file.ts'
import { reviewsOf } from '../review-store.ts'
import type { Route } from './+types/redacted-file'
import { foundRequest, notInCollection } from './found.ts'

/** A picture, video or sound of a collected record: as it is, or as it goes out with what is taken out so far. */
export async function loader({ request, params, context }: Route.LoaderArgs) {
  const found = await foundRequest(context, params.id)
  const { db, blobs } = installation(context)
  const id = parseId<'record'>(params.record)
  const record = id && (await readRecord(db, id))
  const file = Number(params.file)
  const blob = record?.blobs[file]
  if (!id || !blob) throw notInCollection()
  if (!/^(image\/(png|jpeg|webp|gif|avif)|(video|audio)\/)/.test(blob.mediaType))
    throw data(null, { status: 404 })
  const marks = (await reviewsOf(db, found.id, [id])).get(id)?.marks ?? []
  const own = marks.filter((mark) => mark.kind !== 'text' && mark.file === file)
  const wanted = new URL(request.url).searchParams.get('as')
  const shown = wanted === 'redacted' && own.length > 0 ? await redactFile({ db, blobs }, blob, own) : blob
  if (!shown) throw data(null, { status: 404 })
  return new Response(Readable.toWeb(await blobs.read(shown.sha256)) as ReadableStream, {
    headers: { 'Content-Type': shown.mediaType, 'X-Content-Type-Options': 'nosniff' },
  })
}
