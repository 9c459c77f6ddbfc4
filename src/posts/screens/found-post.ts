import { data } from 'react-router'
import type { Installation } from '../../installation.ts'
import { parseId } from '../../storage/ids.ts'
import { type Post, postById } from '../store.ts'

/** The post in the address, or a plain 404. */
export async function foundPost({ db }: Installation, text: string | undefined): Promise<Post> {
  const id = parseId<'post'>(text)
  const post = id && (await postById(db, id))
  if (!post) throw data('This post does not exist.', { status: 404 })
  return post
}
