import { Readable } from 'node:stream'
import { data } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { certificatesOf } from '../certificate-store.ts'
import { productionById } from '../store.ts'
import type { Route } from './+types/certificate-file'
import { foundRequest } from './found.ts'

/** A prepared certificate, as the PDF that was recorded. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const { db, blobs } = installation(context)
  const id = parseId<'production'>(params.production)
  const production = id && (await productionById(db, id))
  const ours = production?.request === request.id ? await certificatesOf(db, production.id) : []
  const certificate = ours.find((one) => one.id === params.certificate)
  if (!certificate) throw data('There is no such certificate.', { status: 404 })
  return new Response(Readable.toWeb(await blobs.read(certificate.sha256)) as ReadableStream, {
    headers: {
      'Content-Type': 'application/pdf',
      'Content-Disposition': `attachment; filename="certificate-${request.number}.pdf"`,
      'Cache-Control': 'private, no-store',
    },
  })
}
