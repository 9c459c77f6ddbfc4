import { Readable } from 'node:stream'
import { data } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { readRecord } from '../archive.ts'
import { noteOpening } from '../lookup.ts'
import { mayRead } from '../reading-right.ts'
import { shownTypes } from '../shown-types.ts'
import { waczType } from '../wacz.ts'
import type { Route } from './+types/file'

const endings: Record<string, string> = { [waczType]: '.wacz', 'application/warc': '.warc.gz' }

/** A file of a record. Only images are shown in the browser; all else is saved, whatever it says it is. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const here = installation(context)
  const { db, blobs, now } = here
  const id = parseId<'record'>(params.id)
  const by = whoIs(signedIn(context))
  const decision = await mayRead(here, by, id)
  const record = id && decision.allowed ? await readRecord(db, id) : null
  const blob = record?.blobs.find((one) => one.sha256 === params.sha256)
  if (!blob || !(await blobs.has(blob.sha256))) throw data(null, { status: 404 })
  if (id) await noteOpening(db, { by, decision, now: now() }, id, { file: blob.sha256 })
  return new Response(Readable.toWeb(await blobs.read(blob.sha256)) as ReadableStream, {
    headers: {
      'Content-Type': shownTypes.includes(blob.mediaType) ? blob.mediaType : 'application/octet-stream',
      'Content-Disposition': shownTypes.includes(blob.mediaType)
        ? 'inline'
        : `attachment; filename="${blob.sha256}${endings[blob.mediaType] ?? ''}"`,
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
