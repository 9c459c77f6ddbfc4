import { Form, Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { opening } from '../../opening.ts'
import { allPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { postOrders, type WaitingPost, waitingByPost } from '../queue-posts.ts'
import type { Route } from './+types/queue-posts'
import { mustModerate } from './found-comment.ts'
import { queueAddress } from './queue-address.ts'
import { Choice } from './queue-filters.tsx'

const take = 25

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const query = new URL(request.url).searchParams
  const on = parseId<'page'>(query.get('on'))
  const order = postOrders.find((one) => one === query.get('order')) ?? 'harm'
  const page = Math.max(1, Math.min(10_000, Number.parseInt(query.get('page') ?? '1', 10) || 1))
  const [{ posts, count }, pages, zone] = await Promise.all([
    waitingByPost(here, { page: on, order, skip: (page - 1) * take, take }),
    allPages(here.db),
    timeZoneHere(here.db),
  ])
  return {
    posts,
    pages: pages.map(({ id, title }) => ({ id, title })),
    ...{ on, order, page, zone },
    last: Math.ceil(count / take),
  }
}

const orderWords = { harm: 'Harm first', most: 'Most waiting first', oldest: 'Oldest first' }

export default function QueuePosts({ loaderData }: Route.ComponentProps) {
  const { posts, pages, on, order, page, last, zone } = loaderData
  return (
    <>
      <PageHeading title="What waits, by post" lead="Take one post, or one thread, and work through it.">
        <Link to="/console/comments">The whole queue</Link>
      </PageHeading>
      <Form className="pv-queue-filters" role="search">
        <Choice
          label="Page"
          name="on"
          value={on ?? ''}
          options={[['', 'All'], ...pages.map(({ id, title }): [string, string] => [id, title])]}
        />
        <Choice
          label="Order"
          name="order"
          value={order}
          options={postOrders.map((one): [string, string] => [one, orderWords[one]])}
        />
        <button className="usa-button usa-button--outline" type="submit">
          Filter
        </button>
      </Form>
      {posts.length === 0 && (
        <EmptyState title="Nothing waits">
          <Link to="/console/comments/posts">All pages</Link>
        </EmptyState>
      )}
      {posts.map((post) => (
        <Post key={post.id} post={post} on={on} zone={zone} />
      ))}
      <Pager page={page} pages={last} />
    </>
  )
}

function Post({
  post,
  on,
  zone,
}: {
  post: WaitingPost
  on: Route.ComponentProps['loaderData']['on']
  zone: string
}) {
  const within = { page: on, post: post.id, order: 'harm' } as const
  return (
    <article className="pv-card margin-top-2" aria-labelledby={`post-${post.id}`}>
      <h2 className="font-heading-md margin-top-0" id={`post-${post.id}`}>
        <Link to={queueAddress(within)}>
          {post.waiting.toLocaleString('en-US')} {post.waiting === 1 ? 'waits' : 'wait'}:{' '}
          {opening(post.text, 90)}
        </Link>
      </h2>
      <p className="margin-y-0">
        {post.first && (
          <>
            <strong>{post.first}</strong>{' '}
          </>
        )}
        The oldest is from <When at={post.oldest} zone={zone} />. On {post.pages.join(', ')}.
      </p>
      {post.threads.length > 0 && (
        <ul className="usa-list">
          {post.threads.map((thread) => (
            <li key={thread.id}>
              <Link to={queueAddress({ ...within, thread: thread.id })}>
                {thread.waiting.toLocaleString('en-US')} in the thread of {thread.name}
              </Link>
              : “{opening(thread.text, 80)}”
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}
