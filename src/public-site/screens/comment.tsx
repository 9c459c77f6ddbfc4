import { data } from 'react-router'
import { remarkInThread } from '../../comments/comments.ts'
import { departmentProfile, timeZoneOf } from '../../department/department.ts'
import { headline } from '../../posts/posts.ts'
import { parseId } from '../../storage/ids.ts'
import { installation } from '../../web/context.ts'
import { visitorToken } from '../visitor.ts'
import type { Route } from './+types/comment'
import { foundPost } from './found-page.ts'
import { RemarkText } from './remark-text.tsx'

export const handle = { scripts: false, forEverybody: true }
// As with the post: a visitor with a cookie sees what is theirs.
export const headers = () => ({ 'Cache-Control': 'private, no-cache' })

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const { page, post } = await foundPost(here, params)
  const after = new URL(request.url).searchParams.get('after')
  const id = parseId<'comment'>(params.comment)
  const [found, profile] = await Promise.all([
    id && remarkInThread(here, post.publication, id, { after, token: await visitorToken(here, request) }),
    departmentProfile(here.db),
  ])
  if (!found) throw data('There is no such comment under this post.', { status: 404 })
  return {
    ...found,
    later: after !== null,
    title: headline(post.text),
    postPath: `/${page.slug}/posts/${post.clientId}`,
    open: page.commentPolicy === 'open',
    department: profile?.name ?? '',
    zone: timeZoneOf(profile),
  }
}

/** A comment by itself: what it answers, the comment or the notice in its place, and what was answered. */
export default function Comment({ loaderData }: Route.ComponentProps) {
  const { remark, above, between, answers, count, next, later, title, postPath, open, department, zone } =
    loaderData
  const place = { here: postPath, zone, open }
  const its = `${postPath}/comments/${remark.id}`
  const [first] = above
  const heading = {
    shown: `Comment of ${remark.authorName}`,
    removed: 'A removed comment',
    held: 'A comment held for review',
    deleted: 'A deleted comment',
  }[remark.standing]
  return (
    <>
      <title>{`${heading} · ${title} · ${department}`}</title>
      <p>
        Under the post <a href={postPath}>{title}</a>
      </p>
      <h1 className="font-heading-lg">{heading}</h1>
      <section className="pv-reading" aria-label="The comment and what it answers">
        {first && (
          <>
            <p>
              <a href={`${postPath}/comments/${first.id}`}>The whole thread</a>
            </p>
            <RemarkText remark={first} {...place} />
            {between > 0 && (
              <p className="pv-quiet">
                … {between.toLocaleString('en-US')} more {between === 1 ? 'answer' : 'answers'} between them
              </p>
            )}
            {above.slice(1).map((one) => (
              <RemarkText key={one.id} remark={one} {...place} />
            ))}
          </>
        )}
        <div className="pv-this-remark">
          <RemarkText remark={remark} {...place} />
        </div>
      </section>
      {count > 0 && (
        <section className="pv-reading" id="answers" aria-labelledby="answers-heading">
          <h2 id="answers-heading">
            {count.toLocaleString('en-US')} {count === 1 ? 'reply' : 'replies'}
          </h2>
          {answers.length === 0 && <p>There are no more replies.</p>}
          {answers.map((answer) => (
            <RemarkText key={answer.id} remark={answer} {...place} />
          ))}
          <nav aria-label="More replies" className="display-flex flex-justify margin-top-2">
            {later ? <a href={`${its}#answers`}>First replies</a> : <span />}
            {next && <a href={`${its}?after=${encodeURIComponent(next)}#answers`}>Later replies</a>}
          </nav>
        </section>
      )}
    </>
  )
}
