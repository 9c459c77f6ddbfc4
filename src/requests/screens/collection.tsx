import { Form, Link, redirect, useSearchParams } from 'react-router'
import {
  foundByReading,
  kinds,
  noteSearch,
  readQuery,
  reversed,
  searchRecords,
} from '../../archive/archive.ts'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { parseId, type RecordId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'

import { collect, leaveOut } from '../collection.ts'
import { collectedAmong, collectedRecords, people } from '../store.ts'
import type { Route } from './+types/collection'
import { foundRequest } from './found.ts'
import { RecordTicks } from './record-ticks.tsx'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'
import { allFound, asQuery, isEmpty, type Wanted, wantedIn } from './search.ts'
import { SearchForm } from './search-form.tsx'
import { summaries } from './summaries.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Collection' }]

/** The most records that one press of a button adds. */
const mostAtOnce = 10_000
const onAPage = 50

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const found = await foundRequest(context, params.id)
  const { db, policy, now } = installation(context)
  const address = new URL(request.url).searchParams
  const wanted = wantedIn(address)
  const collectedPage = Math.max(1, Math.trunc(Number(address.get('collected')) || 1))
  const after = address.get('after')
  const zone = await timeZoneHere(db)
  const [results, mine, pages, everybody] = await Promise.all([
    isEmpty(wanted) ? null : searchRecords(db, { ...asQuery(wanted, zone), ...(after ? { after } : {}) }),
    collectedRecords(db, found.id, { limit: onAPage, offset: (collectedPage - 1) * onAPage }),
    allPages(db),
    people(db),
  ])
  const problems = problemsOf(wanted, zone)
  if (results && !problems) {
    const by = whoIs(signedIn(context))
    const decision = policy.decide(by, 'record.search', { type: 'Record', id: 'any' })
    const count = { found: results.records.length, more: results.next !== null }
    await noteSearch(db, { by, decision, now: now() }, asQuery(wanted, zone), count)
  }
  const ids = results?.records.map((one) => one.id) ?? []
  const [already, byReading] = await Promise.all([
    collectedAmong(db, found.id, ids),
    foundByReading(db, ids, wanted.words),
  ])
  return {
    request: found,
    wanted,
    problems,
    zone,
    choices: {
      pages: pages.map(({ id, title }) => ({ id, title })),
      people: everybody,
      kinds: kinds.map(({ kind, title }) => ({ value: kind, label: title })),
    },
    found: results && {
      next: results.next ?? null,
      records: (await summaries(db, ids)).map((one) => ({
        ...one,
        collected: already.has(one.id),
        byReading: byReading.has(one.id),
      })),
    },
    mine: { page: collectedPage, records: await summaries(db, mine) },
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const here = installation(context)
  const person = signedIn(context)
  const ticked = form.getAll('record').flatMap((one) => parseId<'record'>(String(one)) ?? [])
  const answer = await change(String(form.get('intent')), ticked)
  if ('done' in answer) {
    const back = new URL(request.url)
    throw redirect(`${requestPath(id)}/collection${back.search}`)
  }
  return reply(answer)

  async function change(intent: string, ticked: RecordId[]) {
    if (intent === 'add-all') {
      const wanted = wantedIn(new URL(request.url).searchParams)
      if (isEmpty(wanted))
        return { problems: { form: 'Search first; then all that was found can be added.' } }
      const zone = await timeZoneHere(here.db)
      const problems = problemsOf(wanted, zone)
      if (problems) return { problems }
      const { ids, more } = await allFound(here.db, asQuery(wanted, zone), mostAtOnce)
      return more
        ? {
            problems: {
              form: `The search finds more than ${mostAtOnce.toLocaleString('en-US')} records. Narrow it by dates, and add them part by part.`,
            },
          }
        : collect(here, person, id, ids)
    }
    if (ticked.length === 0) return { problems: { form: 'Tick at least one record.' } }
    return intent === 'leave-out' ? leaveOut(here, person, id, ticked) : collect(here, person, id, ticked)
  }
}

/** A sentence for each field of a search that can't be meant so; null when there is none. */
function problemsOf(wanted: Wanted, zone: string): Record<string, string> | null {
  const { from, to } = asQuery(wanted, zone)
  const words = wanted.words ? readQuery(wanted.words).problem : undefined
  const backwards = reversed(from, to)
  return words || backwards ? { ...(words ? { words } : {}), ...(backwards ? { to: backwards } : {}) } : null
}

export default function Collection({ loaderData, actionData }: Route.ComponentProps) {
  const { request, wanted, problems, choices, found, mine, zone } = loaderData
  const { problems: sentences = {}, refusal } = (actionData ?? {}) as Reply
  const [address] = useSearchParams()
  const open = !request.closure
  const to = (change: Record<string, string>) => {
    const next = new URLSearchParams(address)
    for (const [name, value] of Object.entries(change)) next.set(name, value)
    return `?${next}`
  }
  return (
    <>
      <RequestHeading
        request={request}
        title={`Collection for ${request.number}`}
        lead={`${request.collected.toLocaleString('en-US')} ${request.collected === 1 ? 'record' : 'records'} collected.`}
      >
        {request.collected > 0 && (
          <Link className="usa-button" to={`${requestPath(request.id)}/review`}>
            Review
          </Link>
        )}
      </RequestHeading>
      <p className="pv-quote text-pre-wrap">{request.text}</p>
      <ErrorSummary problems={sentences} />
      {refusal && <Refusal decision={refusal} />}
      <SearchForm wanted={wanted} problems={problems ?? {}} choices={choices} />
      {found &&
        !problems &&
        (found.records.length === 0 ? (
          <EmptyState title="No record is like that">
            <p>Use fewer words, another spelling, or a longer time.</p>
          </EmptyState>
        ) : (
          <Form method="post" action={`?${address}`}>
            <RecordTicks caption="Found, newest first" records={found.records} zone={zone} ticks={open} />
            {open && found.records.some((one) => !one.collected) && (
              <div className="margin-top-2">
                <button className="usa-button" type="submit" name="intent" value="add">
                  Add the ticked records
                </button>
                <button
                  className="usa-button usa-button--outline"
                  type="submit"
                  name="intent"
                  value="add-all"
                >
                  Add all that the search finds
                </button>
              </div>
            )}
            {found.next && (
              <p>
                <Link to={to({ after: String(found.next) })}>Older records</Link>
              </p>
            )}
          </Form>
        ))}
      <h2>Collected</h2>
      {mine.records.length === 0 ? (
        <EmptyState title="Nothing is collected yet">
          <p>Search above, tick what answers the request, and add it.</p>
        </EmptyState>
      ) : (
        <Form method="post" action={`?${address}`}>
          <RecordTicks
            caption="In the collection, oldest first"
            records={mine.records}
            zone={zone}
            ticks={open}
          />
          {open && (
            <button
              className="usa-button usa-button--outline margin-top-2"
              type="submit"
              name="intent"
              value="leave-out"
            >
              Take the ticked records out
            </button>
          )}
          <p>
            {mine.page > 1 && <Link to={to({ collected: String(mine.page - 1) })}>Before</Link>}{' '}
            {mine.page * onAPage < request.collected && (
              <Link to={to({ collected: String(mine.page + 1) })}>More</Link>
            )}
          </p>
        </Form>
      )}
    </>
  )
}
