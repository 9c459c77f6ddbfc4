import { Form, Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { listPosts, type PostState } from '../store.ts'
import { headline } from '../wording.ts'
import type { Route } from './+types/post-list'
import { PostStateTag, stateWords } from './post-state.tsx'

const take = 25

export async function loader({ request, context }: Route.LoaderArgs) {
  const { db } = installation(context)
  const query = new URL(request.url).searchParams
  const state = query.get('state') ?? ''
  const page = parseId<'page'>(query.get('page'))
  const words = (query.get('words') ?? '').trim().slice(0, 200)
  const number = Math.max(1, Math.trunc(Number(query.get('list')) || 1))
  const [{ count, posts }, pages, zone] = await Promise.all([
    listPosts(db, {
      ...(state in stateWords ? { state: state as PostState } : {}),
      ...(page ? { page } : {}),
      ...(words ? { words } : {}),
      skip: (number - 1) * take,
      take,
    }),
    allPages(db),
    timeZoneHere(db),
  ])
  return {
    posts: posts.map((post) => ({ ...post, headline: headline(post.text) })),
    count,
    number,
    filter: { state, page: page ?? '', words },
    pages: pages.map(({ id, title }) => ({ id, title })),
    zone,
    mayWrite: isOpen(context, { type: 'Post', id: 'any' }, 'post.draft'),
  }
}

export default function PostList({ loaderData }: Route.ComponentProps) {
  const { posts, count, number, filter, pages, zone, mayWrite } = loaderData
  const filtered = Object.values(filter).some(Boolean)
  const at = (list: number) => `/console/posts?${new URLSearchParams({ ...filter, list: String(list) })}`
  return (
    <>
      <PageHeading title="Posts">
        {mayWrite && (
          <Form method="post" action="/console/posts/new">
            <button className="usa-button" type="submit">
              Write a post
            </button>
          </Form>
        )}
      </PageHeading>
      <Form role="search" className="grid-row grid-gap flex-align-end margin-bottom-3">
        <div className="tablet:grid-col-3">
          <label className="usa-label" htmlFor="words">
            Words
          </label>
          <input className="usa-input" id="words" name="words" type="search" defaultValue={filter.words} />
        </div>
        <div className="tablet:grid-col-3">
          <label className="usa-label" htmlFor="state">
            State
          </label>
          <select className="usa-select" id="state" name="state" defaultValue={filter.state}>
            <option value="">All</option>
            {Object.entries(stateWords).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <div className="tablet:grid-col-3">
          <label className="usa-label" htmlFor="page">
            Page
          </label>
          <select className="usa-select" id="page" name="page" defaultValue={filter.page}>
            <option value="">All</option>
            {pages.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </div>
        <div className="tablet:grid-col-auto">
          <button className="usa-button usa-button--outline" type="submit">
            Filter
          </button>
        </div>
      </Form>
      {posts.length === 0 ? (
        <EmptyState title={filtered ? 'No post matches' : 'Nothing is written yet'}>
          <p>
            {filtered ? (
              <Link to="/console/posts">Show all posts</Link>
            ) : (
              'Write the first one: it is checked as you type, and a reviewer sees it before anybody else.'
            )}
          </p>
        </EmptyState>
      ) : (
        <DataTable
          caption={`${count} ${count === 1 ? 'post' : 'posts'}`}
          columns={[
            {
              key: 'headline',
              title: 'Post',
              render: (post) => <Link to={`/console/posts/${post.id}`}>{post.headline}</Link>,
            },
            { key: 'authorName', title: 'Author' },
            { key: 'state', title: 'State', render: (post) => <PostStateTag state={post.state} /> },
            {
              key: 'updatedAt',
              title: 'Changed',
              render: (post) => <When at={post.updatedAt} zone={zone} />,
            },
          ]}
          rows={posts}
        />
      )}
      {count > take && (
        <nav aria-label="Pages of the list" className="display-flex flex-justify margin-top-2">
          {number > 1 ? <Link to={at(number - 1)}>Newer</Link> : <span />}
          <span>
            {number} of {Math.ceil(count / take)}
          </span>
          {number * take < count ? <Link to={at(number + 1)}>Older</Link> : <span />}
        </nav>
      )}
    </>
  )
}
