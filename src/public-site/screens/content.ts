import { commentCounts, measuresOn } from '../../comments/comments.ts'
import { departmentProfile, timeZoneOf } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import { type PublicPage, postsOn } from '../store.ts'

/** A page's introduction and its posts, newest first. */
export async function contentOf(installation: Installation, page: PublicPage, request: Request) {
  const before = new URL(request.url).searchParams.get('before')
  const [{ posts, next }, profile] = await Promise.all([
    postsOn(installation.db, page.id, { before }),
    departmentProfile(installation.db),
  ])
  const [counts, measures] = await Promise.all([
    commentCounts(
      installation.db,
      posts.map(({ publication }) => publication),
    ),
    measuresOn(installation, page.id),
  ])
  return {
    page,
    posts: posts.map((post) => ({ ...post, comments: counts.get(post.publication) ?? 0 })),
    next,
    measures,
    older: before !== null,
    department: profile?.name ?? '',
    zone: timeZoneOf(profile),
  }
}
export type Content = Awaited<ReturnType<typeof contentOf>>
