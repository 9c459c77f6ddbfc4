import { data } from 'react-router'
import { ownRemark } from '../../comments/comments.ts'
import type { Installation } from '../../installation.ts'
import { parseId } from '../../storage/ids.ts'
import { visitorToken } from '../visitor.ts'
import { foundPost } from './found-page.ts'

/** The visitor's own comment in the address, or a plain 404 for everybody else. */
export async function ownComment(
  installation: Installation,
  request: Request,
  params: { slug: string; id: string; comment: string },
) {
  const { page, post } = await foundPost(installation, params)
  const token = await visitorToken(installation, request)
  const id = parseId<'comment'>(params.comment)
  const own = id && (await ownRemark(installation, id, token))
  if (!own || own.comment.publication !== post.publication)
    throw data(
      'Only the browser that this comment was written with can change or delete it. Perhaps it is gone already.',
      { status: 404 },
    )
  return { ...own, token, postPath: `/${page.slug}/posts/${post.clientId}` }
}
