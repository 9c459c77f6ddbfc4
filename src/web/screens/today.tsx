import { Link } from 'react-router'
import { newMatches } from '../../archive/archive.ts'
import * as comments from '../../comments/comments.ts'
import { type TodayItem, timeZoneHere, whoIs } from '../../department/department.ts'
import * as pages from '../../pages/pages.ts'
import * as posts from '../../posts/posts.ts'
import * as requests from '../../requests/requests.ts'
import * as retention from '../../retention/retention.ts'
import { EmptyState } from '../components/empty-state.tsx'
import { PageHeading } from '../components/page-heading.tsx'
import { When } from '../components/when.tsx'
import { installation, signedIn } from '../context.ts'
import { isOpen } from '../open-to.ts'
import type { Route } from './+types/today'

/** What waits for this person, from every part of the house, oldest deadline first. */
export async function loader({ context }: Route.LoaderArgs) {
  const here = installation(context)
  const { db, policy } = here
  const person = signedIn(context)
  const [zone, registered, ...lists] = await Promise.all([
    timeZoneHere(db),
    pages.allPages(db),
    pages.waitingFor(db, person, policy),
    posts.waitingFor(db, person, policy),
    comments.waitingFor(db, person, policy),
    comments.appealsFor(here, person),
    comments.blocksFor(here, person),
    comments.holdsFor(here, person),
    pages.gapsFor(here, person),
    comments.stormFor(here, person),
    comments.secondLooksFor(here, person),
    requests.waitingFor(db, person, policy),
    newMatches(db, whoIs(person), policy),
    retention.waitingFor(db, person, policy),
  ])
  return {
    // What the law sets a day for comes before what merely waits.
    items: lists
      .flat()
      .sort((a, b) => Number(b.due ?? false) - Number(a.due ?? false) || a.at.getTime() - b.at.getTime()),
    zone,
    firstSteps: registered.length === 0,
    may: {
      register: isOpen(context, { type: 'Page', id: 'any' }, 'page.register'),
      invite: isOpen(context, { type: 'Person', id: 'any' }, 'person.invite'),
      write: isOpen(context, { type: 'Post', id: 'any' }, 'post.draft'),
    },
  }
}

export default function Today({ loaderData: { items, zone, firstSteps, may } }: Route.ComponentProps) {
  const begins = firstSteps && Object.values(may).includes(true)
  return (
    <>
      <PageHeading title="Today" lead="What waits for you: what has a deadline first, then the oldest." />
      {begins && (
        <EmptyState title="Begin here">
          <ol className="usa-list">
            {may.register && (
              <li>
                <Link to="/console/pages/new">Register the department’s own page</Link>, and have it approved.
              </li>
            )}
            {may.invite && (
              <li>
                <Link to="/console/people/new">Invite the people</Link> who write, review and answer.
              </li>
            )}
            {may.write && (
              <li>
                <Link to="/console/posts/new">Write the first post</Link>.
              </li>
            )}
          </ol>
        </EmptyState>
      )}
      {items.length === 0 && !begins && (
        <EmptyState title="Nothing waits for you">
          <p>
            {may.write ? (
              <>
                <Link to="/console/posts/new">Write a post</Link>, or look at{' '}
                <Link to="/console/posts">what is on its way</Link>.
              </>
            ) : (
              'What needs you stands here as soon as it comes.'
            )}
          </p>
        </EmptyState>
      )}
      {groupsOf(items).map(({ kind, shown, folded }) => (
        <section key={kind} aria-label={shown[0]?.title} className="margin-bottom-2">
          <Items items={shown} zone={zone} />
          {folded.length > 0 && (
            <details className="margin-top-1">
              <summary>{folded.length} more like these</summary>
              <Items items={folded} zone={zone} />
            </details>
          )}
        </section>
      ))}
    </>
  )
}

function Items({ items, zone }: { items: readonly TodayItem[]; zone: string }) {
  return (
    <ol className="pv-today">
      {items.map((item) => (
        <li key={item.href + item.kind}>
          <h2 className="font-heading-sm margin-0">
            <Link to={item.href}>{item.title}</Link>
          </h2>
          <p className="pv-today-detail">{item.detail}</p>
          <p className="pv-quiet pv-today-when">
            {item.due ? 'Due ' : 'Since '}
            <When at={item.at} zone={zone} />
          </p>
        </li>
      ))}
    </ol>
  )
}

/** Things of one kind stand together; of many alike the oldest are shown and the rest are folded. */
function groupsOf(items: readonly TodayItem[]) {
  return [...Map.groupBy(items, ({ kind }) => kind)].map(([kind, all]) => {
    const shown = all.slice(0, all.length > 5 ? 3 : 5)
    return { kind, shown, folded: all.slice(shown.length) }
  })
}
