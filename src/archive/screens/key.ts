import { installation } from '../../web/context.ts'
import type { Route } from './+types/key'

/** The public key of the log, in one line. */
export function loader({ context }: Route.LoaderArgs) {
  return new Response(`${installation(context).logKey.verifier}\n`, {
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  })
}
