import { sql } from 'kysely'
import { installation } from '../context.ts'
import type { Route } from './+types/health'

/** For load balancers and monitors: 200 when the database answers, else 503. It says nothing about people or content. */
export async function loader({ context }: Route.LoaderArgs) {
  const { db, log } = installation(context)
  try {
    await sql`select 1`.execute(db)
    return Response.json({ status: 'ok' }, { headers: { 'Cache-Control': 'no-store' } })
  } catch (error) {
    log.error({ err: error }, 'health: the database does not answer')
    return Response.json({ status: 'the database does not answer' }, { status: 503 })
  }
}
