import { Link } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { Notice } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { cardsOf } from '../card.ts'
import { stormNow } from '../incident.ts'
import { colleaguesOf } from '../question.ts'
import { languagesWaiting, pollTroubles, readQueue } from '../queue.ts'
import type { Route } from './+types/queue'
import { mustModerate } from './found-comment.ts'
import { queueAddress, readAddress } from './queue-address.ts'
import { QueueFilters } from './queue-filters.tsx'
import { Undo } from './undo.tsx'
import { Workbench } from './workbench.tsx'

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const person = signedIn(context)
  const url = new URL(request.url)
  const filter = readAddress(url)
  const decided = parseId<'comment'>(url.searchParams.get('decided'))
  const [queue, pages, zone, troubles, languages, colleagues, storm, [last]] = await Promise.all([
    readQueue(here, person.id, filter),
    allPages(here.db),
    timeZoneHere(here.db),
    pollTroubles(here.db),
    languagesWaiting(here.db),
    colleaguesOf(here.db, here.policy, person, here.now()),
    stormNow(here),
    cardsOf(here, decided ? [decided] : []),
  ])
  return {
    ...queue,
    filter,
    storm,
    troubles,
    last: last ? { card: last, copies: url.searchParams.get('copies') === 'all' } : null,
    pages: pages.map(({ id, title }) => ({ id, title })),
    languages,
    categories: here.policy.suggestions.categories.map(({ id, title }) => ({ id, title })),
    facts: {
      me: person.id as string,
      reasons: [...here.policy.removalReasons],
      kinds: [...here.policy.escalationKinds],
      colleagues: colleagues.map(({ id, name }) => ({ id: id as string, name })),
      zone,
      back: queueAddress(filter),
      until: queue.at.toISOString(),
    },
  }
}

export default function Queue({ loaderData }: Route.ComponentProps) {
  const { waiting, filter, storm, troubles, last, pages, languages, categories, facts, next } = loaderData
  const address = queueAddress(filter)
  return (
    <>
      <PageHeading
        title="Comments"
        lead={
          waiting === 0
            ? 'Nothing waits for a decision.'
            : 'Keep each, or hide it for a reason that the policy gives.'
        }
      >
        {storm && (
          <Link to="/console/incidents/new">
            {storm.comments} comments in {storm.minutes} minutes: declare an incident?
          </Link>
        )}
        <Link to="/console/comments/posts">By post</Link>
        <Link to="/console/automatic-hiding">Automatic hiding</Link>
      </PageHeading>
      {troubles.map(({ id, title, trouble, readAt }) => (
        <Notice key={id} tone="warning">
          New comments on “{title}” can’t be read at the moment: {trouble}{' '}
          {readAt && (
            <>
              Last read: <When at={readAt} zone={facts.zone} />.
            </>
          )}
        </Notice>
      ))}
      <QueueFilters
        filter={filter}
        pages={pages}
        languages={languages}
        reasons={facts.reasons}
        categories={categories}
      />
      {last && <Undo card={last.card} copies={last.copies} me={facts.me} back={address} />}
      <Workbench key={address} part={loaderData} filter={filter} facts={facts} />
      <noscript>
        <nav aria-label="Pages of the queue" className="display-flex flex-justify margin-top-2">
          {filter.after ? (
            <Link to={queueAddress({ ...filter, after: null })}>To the beginning</Link>
          ) : (
            <span />
          )}
          {next && <Link to={queueAddress({ ...filter, after: next })}>Go on</Link>}
        </nav>
      </noscript>
    </>
  )
}
