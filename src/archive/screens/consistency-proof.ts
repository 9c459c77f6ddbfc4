import { data } from 'react-router'
import { installation } from '../../web/context.ts'
import { proveConsistency } from '../consistency.ts'
import type { Route } from './+types/consistency-proof'

/** The proof that one signed state of the log is the beginning of another, in one file. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const { db, logKey } = installation(context)
  const proof = await proveConsistency(db, logKey, params.older, params.newer)
  if (proof.problem !== undefined) throw data(proof.problem, { status: 404 })
  return new Response(`${JSON.stringify(proof.file, null, 1)}\n`, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="consistency-${params.older}-${params.newer}.json"`,
      'Cache-Control': 'no-cache',
    },
  })
}
