import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { withCosignatures } from '../attestation-store.ts'
import { checkpointAt } from '../log.ts'
import type { Route } from './+types/checkpoint-at'

/** An earlier signed state of the log, with the cosignatures that it has. `?only=log` leaves these out. */
export async function loader({ context, params, request }: Route.LoaderArgs) {
  const { db } = installation(context)
  const size = /^[1-9]\d{0,14}$/.test(params.size) ? Number(params.size) : 0
  const checkpoint = await checkpointAt(db, size)
  if (!checkpoint) throw data(`No state of the log with ${params.size} records was signed.`, { status: 404 })
  const plain = new URL(request.url).searchParams.get('only') === 'log'
  return new Response(plain ? checkpoint.note : await withCosignatures(db, checkpoint), {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
  })
}
