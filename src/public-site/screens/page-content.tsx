import { commentCounts } from '../../comments/comments.ts'
import { departmentProfile } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import { type PublicPage, type PublicPost, postsOn } from '../store.ts'
import { PostBody } from './post-body.tsx'

/** A page's introduction and its posts, newest first. */
export async function contentOf(installation: Installation, page: PublicPage, request: Request) {
  const before = new URL(request.url).searchParams.get('before')
  const [{ posts, next }, profile] = await Promise.all([
    postsOn(installation.db, page.id, { before }),
    departmentProfile(installation.db),
  ])
  const counts = await commentCounts(
    installation.db,
    posts.map(({ publication }) => publication),
  )
  return {
    page,
    posts: posts.map((post) => ({ ...post, comments: counts.get(post.publication) ?? 0 })),
    next,
    older: before !== null,
    department: profile?.name ?? '',
    zone: profile?.timeZone ?? 'America/New_York',
  }
}
export type Content = Awaited<ReturnType<typeof contentOf>>

export function PageContent({ page, posts, next, older, department, zone }: Content) {
  const here = `/${page.slug}`
  return (
    <>
      <title>{page.title === department ? page.title : `${page.title} · ${department}`}</title>
      <link rel="alternate" type="application/atom+xml" title={page.title} href={`${here}/feed`} />
      <h1>{page.title}</h1>
      <p className="text-pre-wrap">{page.introduction}</p>
      {posts.length === 0 && (
        <section className="pv-empty">
          <h2>{older ? 'There are no older posts' : 'Nothing is posted yet'}</h2>
          <p>{older ? <a href={here}>To the newest posts</a> : 'News of the department will stand here.'}</p>
        </section>
      )}
      {posts.map((post) => (
        <article key={post.clientId} className="pv-card">
          <PostBody post={post} zone={zone} href={`${here}/posts/${post.clientId}`} />
          <p className="margin-bottom-0">
            <a href={`${here}/posts/${post.clientId}#comments`}>{commentWords(post, page)}</a>
          </p>
        </article>
      ))}
      <nav aria-label="More posts" className="display-flex flex-justify margin-top-2">
        {older ? <a href={here}>Newest posts</a> : <span />}
        {next && <a href={`${here}?before=${encodeURIComponent(next)}`}>Older posts</a>}
      </nav>
    </>
  )
}

function commentWords(
  { comments }: PublicPost & { comments: number },
  { commentPolicy }: PublicPage,
): string {
  if (comments === 0) return commentPolicy === 'open' ? 'Comment' : 'See the post'
  return `${comments.toLocaleString('en-US')} ${comments === 1 ? 'comment' : 'comments'}`
}
