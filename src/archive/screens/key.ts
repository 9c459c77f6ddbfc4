import { installation } from '../../web/context.ts'
import { keyText } from '../key-text.ts'
import { keyHistory } from '../log.ts'
import type { Route } from './+types/key'

/** The public key of the log in the first line, and under it how each key took over from the one before. */
export async function loader({ context }: Route.LoaderArgs) {
  const { db, logKey } = installation(context)
  return new Response(keyText(await keyHistory(db, logKey)), {
    headers: { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' },
  })
}
