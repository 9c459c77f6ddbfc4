import { data, redirect } from 'react-router'
import { z } from 'zod'
import {
  commentById,
  commentCounts,
  conversationOrders,
  conversationUnder,
  measuresOn,
  submitComment,
} from '../../comments/comments.ts'
import { departmentProfile, timeZoneOf } from '../../department/department.ts'
import { headline } from '../../posts/posts.ts'
import { parseId } from '../../storage/ids.ts'
import { clientAddress, installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { visitorCookie, visitorToken } from '../visitor.ts'
import type { Route } from './+types/post'
import { CommentForm, type CommentReply } from './comment-form.tsx'
import { MoreComments, OrderOfComments } from './conversation-nav.tsx'
import { foundPost } from './found-page.ts'
import { MeasuresTold } from './measures.tsx'
import { PostBody } from './post-body.tsx'
import { Thread } from './thread.tsx'

export const handle = { scripts: false, forEverybody: true }
// It shows a visitor with a cookie what is theirs, so no cache may show that to somebody else.
export const headers = () => ({ 'Cache-Control': 'private, no-cache' })

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const here = installation(context)
  const { page, post } = await foundPost(here, params)
  const query = new URL(request.url).searchParams
  const token = await visitorToken(here, request)
  const answered = parseId<'comment'>(query.get('answer'))
  const order = conversationOrders.find((one) => one === query.get('order')) ?? 'newest'
  const [conversation, counts, profile, measures, parent] = await Promise.all([
    conversationUnder(here, post.publication, { after: query.get('after'), order, token }),
    commentCounts(here.db, [post.publication]),
    departmentProfile(here.db),
    measuresOn(here, page.id),
    answered ? commentById(here.db, answered) : undefined,
  ])
  return {
    page,
    post,
    title: headline(post.text),
    conversation,
    count: counts.get(post.publication) ?? 0,
    order,
    later: query.has('after'),
    measures,
    justHeld: query.has('held') && measures.hold !== null,
    parent:
      parent?.publication === post.publication && parent.state === 'shown' && !parent.deleted_at
        ? { id: parent.id, name: parent.author_name }
        : null,
    notice: here.policy.commentingNotice,
    department: profile?.name ?? '',
    zone: timeZoneOf(profile),
  }
}

const commentForm = z.object({
  name: z.string().default(''),
  email: z.string().default(''),
  text: z.string().default(''),
  website: z.string().default(''),
  inReplyTo: z.string().default(''),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const here = installation(context)
  const { page, post } = await foundPost(here, params)
  const token = await visitorToken(here, request)
  const form = await readForm(request, commentForm)
  if (!form.valid) return data<CommentReply>({ problems: form.problems, typed: form.typed }, { status: 422 })
  const { website, inReplyTo, ...typed } = form.value
  const answer = await submitComment(here, {
    ...typed,
    page: page.id,
    publication: post.publication,
    inReplyTo: parseId<'comment'>(inReplyTo) ?? undefined,
    honeypot: website,
    clientAddress: clientAddress(context),
    token,
  })
  if ('problems' in answer)
    return data<CommentReply>({ problems: answer.problems, typed: form.value }, { status: 422 })
  if ('denied' in answer) {
    const { because, wayForward } = answer.denied
    return data<CommentReply>(
      { problems: { form: `${because} ${wayForward}` }, typed: form.value },
      { status: 403 },
    )
  }
  const { comment, token: kept, heldUntil } = answer.done
  // An answer may be folded away under the post; by itself it always stands with what it answers.
  const place = comment && parseId<'comment'>(inReplyTo) ? `/comments/${comment}` : heldUntil ? '?held' : ''
  throw redirect(
    `/${page.slug}/posts/${post.clientId}${place}#${comment ? `comment-${comment}` : 'comments'}`,
    {
      headers: { 'Set-Cookie': await visitorCookie(here, kept) },
    },
  )
}

export default function Post({ loaderData, actionData }: Route.ComponentProps) {
  const { page, post, title, conversation, count, order, later, parent, notice, department, zone } =
    loaderData
  const { measures, justHeld } = loaderData
  const here = `/${page.slug}/posts/${post.clientId}`
  return (
    <>
      <title>{`${title} · ${department}`}</title>
      <p>
        <a href={`/${page.slug}`}>{page.title}</a>
      </p>
      <article className="pv-card pv-post pv-reading">
        <h1 className="usa-sr-only">{title}</h1>
        <PostBody post={post} zone={zone} />
      </article>
      <section id="comments" className="pv-reading" aria-labelledby="comments-heading">
        <h2 id="comments-heading">
          {count > 0
            ? `${count.toLocaleString('en-US')} ${count === 1 ? 'comment' : 'comments'}`
            : 'Comments'}
        </h2>
        {justHeld && (
          <div className="usa-alert usa-alert--success usa-alert--slim margin-bottom-2" role="status">
            <div className="usa-alert__body">
              <p className="usa-alert__text">
                Your comment has arrived and is on record. It is held for review, and only you see it below
                until it is shown.
              </p>
            </div>
          </div>
        )}
        <MeasuresTold measures={measures} zone={zone} />
        {page.commentPolicy === 'open' ? (
          <CommentForm
            here={here}
            notice={notice}
            topic={page.commentTopic}
            parent={parent}
            reply={actionData}
          />
        ) : (
          <p>This page takes no comments.</p>
        )}
        {conversation.threads.length === 0 && page.commentPolicy === 'open' && (
          <p>{later ? 'There are no more comments.' : 'Nobody has commented yet.'}</p>
        )}
        {(conversation.next || later) && <OrderOfComments here={here} order={order} />}
        {conversation.threads.map((thread) => (
          <Thread
            key={thread.first.id}
            thread={thread}
            here={here}
            zone={zone}
            open={page.commentPolicy === 'open'}
          />
        ))}
        <MoreComments here={here} order={order} later={later} next={conversation.next} />
      </section>
    </>
  )
}
