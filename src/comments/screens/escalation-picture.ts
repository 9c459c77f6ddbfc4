import { installation, signedIn } from '../../web/context.ts'
import { notePassedOnOpening } from '../passed-on.ts'
import { versionsOf } from '../store.ts'
import type { Route } from './+types/escalation-picture'
import { foundEscalation } from './found-escalation.ts'
import { pictureResponse } from './picture-response.ts'

/** A picture of a comment that was passed on, for those whom it was passed on to. */
export async function loader({ params, context }: Route.LoaderArgs): Promise<Response> {
  const here = installation(context)
  const { escalation, decision } = await foundEscalation(context, params.id)
  const versions = await versionsOf(here.db, escalation.comment)
  const pictures =
    versions.find(({ version }) => version >= escalation.version && String(version) === params.version)
      ?.pictures ?? []
  const answer = await pictureResponse(here.blobs, pictures, params.number)
  await notePassedOnOpening(
    here,
    signedIn(context),
    decision,
    escalation,
    pictures[Number(params.number)]?.blob ?? '',
  )
  return answer
}
