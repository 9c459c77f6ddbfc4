import type { PublicPage, PublicPost } from '../store.ts'
import type { Content } from './content.ts'
import { Linked } from './linked.tsx'
import { MeasuresTold } from './measures.tsx'
import { PostBody } from './post-body.tsx'

/** A page as its visitors see it. */
export function PageContent({ page, posts, next, measures, older, department, zone }: Content) {
  const here = `/${page.slug}`
  return (
    <>
      <title>{page.title === department ? page.title : `${page.title} · ${department}`}</title>
      <link rel="alternate" type="application/atom+xml" title={page.title} href={`${here}/feed`} />
      <div className="pv-columns">
        <h1>{page.title}</h1>
        <aside aria-labelledby="about-page" className="pv-card pv-about">
          <h2 id="about-page">About this page</h2>
          <p className="text-pre-wrap">
            <Linked text={page.introduction} />
          </p>
          <ul>
            <li>
              <a href={`${here}/feed`}>Follow by feed</a>
            </li>
            <li>
              <a href="/policy">Commenting rules</a>
            </li>
            <li>
              <a href="/records-requests">Ask for public records</a>
            </li>
          </ul>
        </aside>
        <div className="pv-posts">
          <MeasuresTold measures={measures} zone={zone} />
          {posts.length === 0 && (
            <section className="pv-empty">
              <h2>{older ? 'There are no older posts' : 'Nothing is posted yet'}</h2>
              <p>
                {older ? <a href={here}>To the newest posts</a> : 'News of the department will stand here.'}
              </p>
            </section>
          )}
          {posts.map((post) => (
            <article key={post.clientId} className="pv-card pv-post">
              <PostBody post={post} zone={zone} href={`${here}/posts/${post.clientId}`} />
              <p className="pv-post-foot">
                <a href={`${here}/posts/${post.clientId}#comments`}>{commentWords(post, page)}</a>
              </p>
            </article>
          ))}
          <nav aria-label="More posts" className="display-flex flex-justify margin-top-2">
            {older ? <a href={here}>Newest posts</a> : <span />}
            {next && <a href={`${here}?before=${encodeURIComponent(next)}`}>Older posts</a>}
          </nav>
        </div>
      </div>
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
