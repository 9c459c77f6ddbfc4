import { data } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { timestampById } from '../attestation-store.ts'
import type { Route } from './+types/timestamp'

/** A timestamp token (RFC 3161), for `openssl ts -verify -token_in` and the like. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const { db } = installation(context)
  const id = parseId<'timestamp'>(params.id)
  const stamp = id && (await timestampById(db, id))
  if (!stamp) throw data('There is no such timestamp.', { status: 404 })
  return new Response(new Uint8Array(stamp.token), {
    headers: {
      'Content-Type': 'application/timestamp-token',
      'Content-Disposition': `attachment; filename="checkpoint-${stamp.treeSize}.tst"`,
      'Cache-Control': 'public, max-age=31536000, immutable',
    },
  })
}
