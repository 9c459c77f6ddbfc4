import { installation } from '../context.ts'
import { health } from '../health.ts'
import type { Route } from './+types/health'

/** For load balancers and monitors: 200 when all is well, else 503, and which part is not. Nothing about people or content. */
export async function loader({ context }: Route.LoaderArgs) {
  const parts = await health(installation(context))
  const well = Object.values(parts).every((state) => state === 'ok')
  return Response.json(
    { status: well ? 'ok' : 'failing', ...parts },
    { status: well ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  )
}
