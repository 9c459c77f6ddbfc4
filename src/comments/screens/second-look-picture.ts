import { data } from 'react-router'
import { installation, signedIn } from '../../web/context.ts'
import { looksFor } from '../second-look.ts'
import type { Route } from './+types/second-look-picture'
import { mustModerate } from './found-comment.ts'
import { pictureResponse } from './picture-response.ts'

/** A picture of a comment that waits for this person's second look. */
export async function loader({ params, context }: Route.LoaderArgs): Promise<Response> {
  mustModerate(context)
  const here = installation(context)
  const look = (await looksFor(here, signedIn(context))).find(({ decision }) => decision === params.id)
  if (!look) throw data('This second look does not wait for you.', { status: 404 })
  return pictureResponse(here.blobs, look.pictures, params.number)
}
