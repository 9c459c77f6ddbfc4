import { data } from 'react-router'
import type { Installation } from '../../installation.ts'
import { type PublicPage, type PublicPost, postOn, publicPages } from '../store.ts'

/** The page of an address, or a plain 404. */
export async function foundPage({ db }: Installation, slug: string): Promise<PublicPage> {
  const page = (await publicPages(db)).find((one) => one.slug === slug)
  if (!page) throw data('There is no such page.', { status: 404 })
  return page
}

/** A post of the page in the address, or a plain 404. */
export async function foundPost(
  installation: Installation,
  { slug, id }: { slug: string; id: string },
): Promise<{ page: PublicPage; post: PublicPost }> {
  const page = await foundPage(installation, slug)
  const post = await postOn(installation.db, page.id, id)
  if (!post) throw data('This post is not on the page any more.', { status: 404 })
  return { page, post }
}
