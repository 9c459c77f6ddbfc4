import { installation } from '../../web/context.ts'
import { withCosignatures } from '../attestation-store.ts'
import { emptyCheckpoint, latestCheckpoint } from '../log.ts'
import type { Route } from './+types/checkpoint'

/** The signed state of the log, with the cosignatures that it has (C2SP tlog-tiles). */
export async function loader({ context }: Route.LoaderArgs) {
  const { db, logKey } = installation(context)
  const latest = await latestCheckpoint(db)
  const note = latest ? await withCosignatures(db, latest) : emptyCheckpoint(logKey)
  return new Response(note, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
  })
}
