import { Readable } from 'node:stream'
import { data } from 'react-router'
import type { Installation } from '../../installation.ts'
import { tarOfProduction } from '../production.ts'
import type { Production } from '../store.ts'

/** Sends a finished production piece by piece, never held in memory as a whole. */
export async function asDownload(installation: Installation, production: Production, number: string) {
  const tar = await tarOfProduction(installation, production)
  if (!tar) throw data('This production isn’t ready yet.', { status: 404 })
  return new Response(Readable.toWeb(tar.stream) as ReadableStream, {
    headers: {
      'Content-Type': 'application/x-tar',
      'Content-Length': String(tar.bytes),
      'Content-Disposition': `attachment; filename="records-request-${number}.tar"`,
      'Cache-Control': 'private, no-store',
      'Referrer-Policy': 'no-referrer',
    },
  })
}
