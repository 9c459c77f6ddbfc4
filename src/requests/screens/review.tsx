import { useRef } from 'react'
import { Form, Link, redirect, useSearchParams } from 'react-router'
import { actorName, kindTitle, recordLines } from '../../archive/archive.ts'
import { capital } from '../../capital.ts'
import { timeZoneHere } from '../../department/department.ts'
import type { RecordId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { leaksIn } from '../redaction.ts'
import { groupsOnAPage, reviewGroups, reviewProgress } from '../review-store.ts'
import type { Route } from './+types/review'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'
import { BulkReview } from './review-bulk.tsx'
import { ReviewCard } from './review-card.tsx'
import { decisionIn } from './review-form.ts'
import { useReviewKeys } from './review-keys.ts'
import { Leaks, Progress } from './review-progress.tsx'
import { queryOf, reviewStates } from './review-states.ts'
import { summaries } from './summaries.ts'

/** Of records that say the same, so many are named on their card. */
const mostNamed = 50

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const found = await foundRequest(context, params.id)
  const { db, policy } = installation(context)
  const query = queryOf(new URL(request.url).searchParams)
  const [progress, { groups, total }, leaks, zone] = await Promise.all([
    reviewProgress(db, found.id),
    reviewGroups(db, found.id, query),
    leaksIn(db, found.id),
    timeZoneHere(db),
  ])
  const [shown, alike] = await Promise.all([
    summaries(
      db,
      groups.map((one) => one.first),
    ),
    recordLines(
      db,
      groups.flatMap((one) => one.records.slice(1, mostNamed)),
    ),
  ])
  const namedIn = (records: readonly RecordId[]) =>
    alike
      .filter(({ id }) => records.includes(id))
      .map(({ id, kind, at, by }) => ({ id, at, title: kindTitle(kind), by: actorName(by) }))
  return {
    request: found,
    query,
    progress,
    total,
    leaks,
    zone,
    pages: Math.ceil(total / groupsOnAPage),
    cards: groups.flatMap((group) => {
      const summary = shown.find((one) => one.id === group.first)
      return summary ? [{ ...group, ...summary, others: namedIn(group.records) }] : []
    }),
    exemptions: policy.exemptions.map(({ letter, title }) => ({ letter, title })),
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const { search, searchParams } = new URL(request.url)
  const answer = await decisionIn(installation(context), signedIn(context), id, form, queryOf(searchParams))
  if ('done' in answer) throw redirect(`${requestPath(id)}/review${search}`)
  return reply(answer, { why: String(form.get('why') ?? ''), alike: String(form.get('group') ?? '') })
}

export default function Review({ loaderData, actionData }: Route.ComponentProps) {
  const { request, query, progress, total, leaks, cards, exemptions, zone, pages } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const section = useRef<HTMLElement>(null)
  useReviewKeys(section)
  const [address] = useSearchParams()
  const open = !request.closure
  return (
    <>
      <RequestHeading
        request={request}
        title={`Review for ${request.number}`}
        lead="Decide about each record before it goes out. The original is never changed."
      >
        <Link className="usa-button" to={`${requestPath(request.id)}/production`}>
          Produce
        </Link>
      </RequestHeading>
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Progress progress={progress} />
      <Leaks leaks={leaks} path={requestPath(request.id)} />
      <Form method="get" role="search" className="grid-row grid-gap flex-align-end margin-bottom-3">
        <div className="tablet:grid-col-4">
          <Field
            label="Show"
            name="state"
            defaultValue={query.state}
            options={Object.entries(reviewStates).map(([value, label]) => ({ value, label }))}
          />
        </div>
        <div className="tablet:grid-col-5">
          <Field label="Words" name="words" type="search" defaultValue={query.words} />
        </div>
        <div className="tablet:grid-col-3">
          <button type="submit" className="usa-button usa-button--outline">
            Show
          </button>
        </div>
      </Form>
      {cards.length === 0 ? (
        <EmptyState title={titleOfNone(progress.records, query)}>
          {progress.records === 0 ? (
            <Link to={`${requestPath(request.id)}/collection`}>Collect the records first</Link>
          ) : query.state === 'open' && !query.words ? (
            <p>
              All records are reviewed. <Link to={`${requestPath(request.id)}/production`}>Produce them</Link>
              , or <Link to="?state=all">look at the decisions</Link>.
            </p>
          ) : (
            <Link to="?state=open">Show what waits</Link>
          )}
        </EmptyState>
      ) : (
        <section ref={section} aria-label="Records to review">
          {open && <KeyHelp />}
          {cards.map((card, n) => (
            <div key={card.alike}>
              {card.thread !== cards[n - 1]?.thread && (
                <h2 className="font-heading-sm">{threadTitle(card.thread)}</h2>
              )}
              <ReviewCard
                card={card}
                zone={zone}
                open={open}
                exemptions={exemptions}
                path={requestPath(request.id)}
                typed={typed.alike === `${card.alike}:${card.seen}` ? typed : {}}
                problems={typed.alike === `${card.alike}:${card.seen}` ? problems : {}}
                address={address.toString()}
              />
            </div>
          ))}
          {open && <BulkReview exemptions={exemptions} total={total} address={address.toString()} />}
        </section>
      )}
      <Pager page={query.page} pages={pages} />
    </>
  )
}

const threadTitle = (thread: string) => {
  const [kind = ''] = thread.split(' ')
  if (kind === 'post') return 'A post and what was said about it'
  return capital(kind.replaceAll('-', ' '))
}

const KeyHelp = () => (
  <details className="margin-bottom-2">
    <summary>Keys</summary>
    <p>
      <kbd>j</kbd> or <kbd>↓</kbd> next, <kbd>↑</kbd> back, <kbd>r</kbd> release, <kbd>d</kbd> redact,{' '}
      <kbd>w</kbd> withhold, <kbd>u</kbd> take the decision back, <kbd>x</kbd> tick.
    </p>
  </details>
)

function titleOfNone(records: number, { state, words }: { state: string; words: string }): string {
  if (records === 0) return 'Nothing is collected yet'
  return state === 'open' && !words ? 'Nothing waits for review' : 'No record is like that'
}
