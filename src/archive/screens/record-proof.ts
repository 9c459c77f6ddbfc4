import { data } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { noteOpening } from '../lookup.ts'
import { mayRead } from '../reading-right.ts'
import { recordProof } from '../record-proof.ts'
import type { Route } from './+types/record-proof'

/** A record with everything that proves it, in one file. */
export async function loader({ context, params }: Route.LoaderArgs) {
  const here = installation(context)
  const { db, logKey, now } = here
  const id = parseId<'record'>(params.id)
  const by = whoIs(signedIn(context))
  const decision = await mayRead(here, by, id)
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
  const proof = id && (await recordProof(db, logKey, id))
  if (!proof) throw data('This record is not in the log yet. Try again in a few seconds.', { status: 404 })
  await noteOpening(db, { by, decision, now: now() }, id, { copy: true })
  return new Response(`${JSON.stringify(proof, null, 1)}\n`, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': `attachment; filename="record-${id}.json"`,
    },
  })
}
