import type { PublicPage, PublicPost } from '../store.ts'
import type { Content } from './content.ts'
import { PostBody } from './post-body.tsx'

/** A page as its visitors see it. */
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
