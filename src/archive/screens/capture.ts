import { Readable } from 'node:stream'
import { data } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { readRecord } from '../archive.ts'
import { noteOpening } from '../lookup.ts'
import { recordProof } from '../record-proof.ts'
import { waczType } from '../wacz.ts'
import { withProof } from '../wacz-proof.ts'
import type { Route } from './+types/capture'

/** The web archive of a captured page, with the proof of its record inside as soon as the log holds it. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const { db, policy, blobs, logKey, now } = installation(context)
  const id = parseId<'record'>(params.id)
  const by = whoIs(signedIn(context))
  const decision = policy.decide(by, 'record.read', { type: 'Record', id: params.id })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
  const record = id && (await readRecord(db, id))
  const blob = record?.content.datapackage
    ? record.blobs.find(({ mediaType }) => mediaType === waczType)
    : undefined
  if (!id || !blob || !(await blobs.has(blob.sha256))) throw data(null, { status: 404 })
  await noteOpening(db, { by, decision, now: now() }, id, { file: blob.sha256 })
  const proof = await recordProof(db, logKey, id)
  const open = () => blobs.read(blob.sha256)
  const { bytes, stream } = proof
    ? await withProof(open, `${JSON.stringify(proof, null, 1)}\n`)
    : { bytes: blob.bytes, stream: await open() }
  return new Response(Readable.toWeb(Readable.from(stream, { objectMode: false })) as ReadableStream, {
    headers: {
      'Content-Type': waczType,
      'Content-Length': String(bytes),
      'Content-Disposition': `attachment; filename="capture-${id}.wacz"`,
    },
  })
}
