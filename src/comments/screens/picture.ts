import { installation } from '../../web/context.ts'
import type { Route } from './+types/picture'
import { foundComment } from './found-comment.ts'
import { pictureResponse } from './picture-response.ts'

/** A picture of a comment, for those who decide about it. */
export async function loader({ params, context }: Route.LoaderArgs): Promise<Response> {
  const { pictures } = await foundComment(context, params.id)
  return pictureResponse(installation(context).blobs, pictures, params.number)
}
