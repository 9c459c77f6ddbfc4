import { useEffect, useRef, useState } from 'react'
import { Link, useRevalidator } from 'react-router'
import { departmentProfile } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { cardsOf, pollTroubles, readQueue } from '../queue.ts'
import type { Route } from './+types/queue'
import { CommentCard } from './comment-card.tsx'
import { mustModerate } from './found-comment.ts'
import { queueAddress, readAddress } from './queue-address.ts'
import { QueueFilters } from './queue-filters.tsx'
import { useQueueKeys } from './queue-keys.ts'
import { Undo } from './undo.tsx'

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const me = signedIn(context).id
  const url = new URL(request.url)
  const filter = readAddress(url)
  const decided = parseId<'comment'>(url.searchParams.get('decided'))
  const [queue, pages, profile, troubles, [last]] = await Promise.all([
    readQueue(here, filter),
    allPages(here.db),
    departmentProfile(here.db),
    pollTroubles(here.db),
    cardsOf(here, decided ? [decided] : []),
  ])
  return {
    ...queue,
    filter,
    me,
    troubles,
    last: last ?? null,
    pages: pages.map(({ id, title }) => ({ id, title })),
    reasons: [...here.policy.removalReasons],
    categories: here.policy.suggestions.categories.map(({ id, title }) => ({ id, title })),
    zone: profile?.timeZone ?? 'America/New_York',
  }
}

export default function Queue({ loaderData }: Route.ComponentProps) {
  const { cards, next, waiting, filter, me, troubles, last, pages, reasons, categories, zone } = loaderData
  const section = useRef<HTMLElement>(null)
  const [keys, setKeys] = useState(true)
  useQueueKeys(section, keys)
  useFreshness()
  const back = queueAddress(filter)
  return (
    <>
      <PageHeading
        title="Comments"
        lead={
          waiting === 0
            ? 'Nothing waits for a decision.'
            : `${waiting.toLocaleString('en-US')} ${waiting === 1 ? 'comment waits' : 'comments wait'} for a decision.`
        }
      />
      <p className="margin-top-0">
        <Link to="/console/automatic-hiding">Automatic hiding</Link>
      </p>
      {troubles.map(({ id, title, trouble, readAt }) => (
        <div key={id} className="usa-alert usa-alert--warning usa-alert--slim">
          <div className="usa-alert__body">
            <p className="usa-alert__text">
              New comments on “{title}” can’t be read at the moment: {trouble}{' '}
              {readAt && (
                <>
                  Last read: <When at={readAt} zone={zone} />.
                </>
              )}
            </p>
          </div>
        </div>
      ))}
      <QueueFilters filter={filter} pages={pages} categories={categories} />
      <section ref={section} aria-label="Queue">
        {last && <Undo card={last} me={me} back={back} />}
        {cards.length === 0 ? (
          <Nothing
            filtered={filter.state !== 'waiting' || Boolean(filter.words || filter.page || filter.suggested)}
          />
        ) : (
          <>
            <KeyHelp on={keys} change={setKeys} />
            <ul className="add-list-reset">
              {cards.map((card) => (
                <CommentCard key={card.id} card={card} zone={zone} reasons={reasons} me={me} back={back} />
              ))}
            </ul>
          </>
        )}
      </section>
      <nav aria-label="Pages of the queue" className="display-flex flex-justify margin-top-2">
        {filter.after ? (
          <Link to={queueAddress({ ...filter, after: null })}>To the beginning</Link>
        ) : (
          <span />
        )}
        {next && <Link to={queueAddress({ ...filter, after: next })}>Go on</Link>}
      </nav>
    </>
  )
}

/** New comments come in by themselves while somebody looks. */
function useFreshness() {
  const { revalidate, state } = useRevalidator()
  useEffect(() => {
    const timer = setInterval(() => {
      if (state === 'idle' && document.visibilityState === 'visible') revalidate()
    }, 15_000)
    return () => clearInterval(timer)
  }, [revalidate, state])
}

function KeyHelp({ on, change }: { on: boolean; change(on: boolean): void }) {
  return (
    <details className="margin-bottom-2">
      <summary>Keys</summary>
      <p>
        <kbd>j</kbd> or <kbd>↓</kbd> next, <kbd>↑</kbd> back, <kbd>k</kbd> keep, <kbd>h</kbd> hide, then the
        number of the reason, <kbd>u</kbd> undo.
      </p>
      <div className="usa-checkbox">
        <input
          className="usa-checkbox__input"
          id="keys"
          type="checkbox"
          checked={on}
          onChange={(event) => change(event.target.checked)}
        />
        <label className="usa-checkbox__label" htmlFor="keys">
          Use these keys
        </label>
      </div>
    </details>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  return filtered ? (
    <EmptyState title="No comment matches">
      <Link className="usa-button usa-button--outline" to="/console/comments">
        Show what waits
      </Link>
    </EmptyState>
  ) : (
    <EmptyState title="Nothing waits">
      <p>New comments appear here by themselves, a few seconds after they were written.</p>
    </EmptyState>
  )
}
