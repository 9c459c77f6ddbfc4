import { installation } from '../context.ts'
import { health, warningsOf } from '../health.ts'
import type { Route } from './+types/health'

/**
 * For load balancers and monitors: 200 when all is well, else 503, and which part is not; with warnings of what
 * does not stop the work. Nothing about people or content.
 */
export async function loader({ context }: Route.LoaderArgs) {
  const [parts, warnings] = await Promise.all([
    health(installation(context)),
    warningsOf(installation(context)),
  ])
  const well = Object.values(parts).every((state) => state === 'ok')
  return Response.json(
    { status: well ? 'ok' : 'failing', ...parts, warnings },
    { status: well ? 200 : 503, headers: { 'Cache-Control': 'no-store' } },
  )
}
