import { installation } from '../../web/context.ts'
import { publishedCheckpoint } from '../archive.ts'
import type { Route } from './+types/checkpoint'

/** The signed state of the log (C2SP tlog-tiles). */
export async function loader({ context }: Route.LoaderArgs) {
  const { db, logKey } = installation(context)
  return new Response(await publishedCheckpoint(db, logKey), {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
  })
}
