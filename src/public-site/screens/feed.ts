import { departmentProfile } from '../../department/department.ts'
import { headline } from '../../posts/posts.ts'
import { installation } from '../../web/context.ts'
import { atomFeed } from '../feed.ts'
import { postsOn } from '../store.ts'
import type { Route } from './+types/feed'
import { foundPage } from './found-page.ts'

export const handle = { forEverybody: true }

/** A page's newest posts for feed readers. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const page = await foundPage(here, params.slug)
  const [{ posts }, profile] = await Promise.all([
    postsOn(here.db, page.id, { take: 30 }),
    departmentProfile(here.db),
  ])
  const url = `${here.baseUrl}/${page.slug}`
  const feed = atomFeed({
    title: page.title,
    url,
    author: profile?.name ?? page.title,
    posts: posts.map((post) => ({
      url: `${url}/posts/${post.clientId}`,
      title: headline(post.text),
      text: post.link ? `${post.text}\n\n${post.link}` : post.text,
      publishedAt: post.publishedAt,
      updatedAt: post.editedAt ?? post.publishedAt,
    })),
    now: here.now(),
  })
  return new Response(feed, {
    headers: { 'Content-Type': 'application/atom+xml; charset=utf-8', 'Cache-Control': 'public, max-age=60' },
  })
}
