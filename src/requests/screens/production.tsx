import { Form, redirect } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { useLookAgain } from '../../web/look-again.ts'

import { formats } from '../formats/formats.ts'
import { cancelProduction, orderProduction, releaseProduction } from '../production.ts'
import { type ProductionState, stateOf } from '../production-state.ts'
import { reviewProgress } from '../review-store.ts'
import { type Production, productionsOf } from '../store.ts'
import type { Route } from './+types/production'
import { FormatChoice } from './format-choice.tsx'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'
import { sizeOf } from './size.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Productions' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const { db } = installation(context)
  const [productions, timeZone, progress] = await Promise.all([
    productionsOf(db, request.id),
    timeZoneHere(db),
    reviewProgress(db, request.id),
  ])
  return {
    request,
    zone: timeZone,
    productions: productions.toReversed(),
    progress,
    formats: formats.map(({ name, title, description }) => ({ name, title, description })),
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const here = installation(context)
  const person = signedIn(context)
  const chosen = parseId<'production'>(String(form.get('production')))
  // A production belongs to the request in the address, or the address is wrong.
  const ours = chosen && (await productionsOf(here.db, id)).some((one) => one.id === chosen)
  const answer =
    form.get('intent') === 'order'
      ? await orderProduction(here, person, id, {
          releaseWhenReady: form.get('release') === 'when-ready',
          formats: form.getAll('formats').map(String),
        })
      : !chosen || !ours
        ? { problems: { form: 'This production does not exist.' } }
        : form.get('intent') === 'cancel'
          ? await cancelProduction(here, person, chosen)
          : await releaseProduction(here, person, chosen)
  if ('done' in answer) throw redirect(`${requestPath(id)}/production`)
  return reply(answer)
}

export default function Productions({ loaderData, actionData }: Route.ComponentProps) {
  const { request, productions, zone, progress, formats } = loaderData
  const reviewed = progress.reviewed > 0
  const { problems: found = {}, refusal } = (actionData ?? {}) as Reply
  const making = productions.some((one) => ['waiting', 'running'].includes(stateOf(one)))
  useLookAgain(making)
  const titles = new Map(formats.map(({ name, title }) => [name, title]))
  return (
    <>
      <RequestHeading
        request={request}
        title={`Productions for ${request.number}`}
        lead="Copies of the reviewed records with proofs that they are genuine, in one file."
      />
      <ErrorSummary problems={found} />
      {refusal && <Refusal decision={refusal} />}
      {productions.length === 0 && (
        <EmptyState title="Nothing has been produced yet">
          <p>
            {request.collected === 0 ? (
              <>
                <a href={`${requestPath(request.id)}/collection`}>Collect the records</a> that answer the
                request first.
              </>
            ) : !reviewed ? (
              <>
                <a href={`${requestPath(request.id)}/review`}>Review the collected records</a> first. What
                nobody reviewed does not go out.
              </>
            ) : (
              'Start the production below. You can leave this page; it goes on by itself.'
            )}
          </p>
        </EmptyState>
      )}
      {productions.map((one) => (
        <Card key={one.id} production={one} zone={zone} titles={titles} />
      ))}
      {!request.closure && !making && reviewed && (
        <Form method="post" className="margin-top-3">
          <h2>Produce what is reviewed</h2>
          <p>
            {progress.release.toLocaleString('en-US')} go out as they are,{' '}
            {progress.redact.toLocaleString('en-US')} redacted; {progress.withhold.toLocaleString('en-US')}{' '}
            are withheld and listed with their exemptions.{' '}
            {progress.records > progress.reviewed && (
              <>
                {(progress.records - progress.reviewed).toLocaleString('en-US')}{' '}
                <a href={`${requestPath(request.id)}/review`}>are not reviewed yet</a> and stay out.
              </>
            )}
          </p>
          <FormatChoice formats={formats} problem={found.formats} />
          <div className="usa-checkbox">
            <input
              className="usa-checkbox__input"
              id="release"
              type="checkbox"
              name="release"
              value="when-ready"
            />
            <label className="usa-checkbox__label" htmlFor="release">
              Let the requester download it as soon as it is ready
              <span className="usa-checkbox__label-description">
                Otherwise you look at it first, and release it then.
              </span>
            </label>
          </div>
          <button className="usa-button margin-top-2" type="submit" name="intent" value="order">
            Produce {progress.reviewed.toLocaleString('en-US')}{' '}
            {progress.reviewed === 1 ? 'record' : 'records'}
          </button>
        </Form>
      )}
    </>
  )
}

const words: Record<ProductionState, string> = {
  waiting: 'Waiting to begin',
  running: 'Being written',
  ready: 'Ready, not released',
  released: 'Released to the requester',
  cancelled: 'Cancelled',
}

function Card({
  production,
  zone,
  titles,
}: {
  production: Production
  zone: string
  titles: ReadonlyMap<string, string>
}) {
  const state = stateOf(production)
  const { bag } = production
  return (
    <section className="border-1px border-base-lighter radius-md padding-2 margin-y-2">
      <h2 className="margin-top-0">
        {production.records.toLocaleString('en-US')} {production.records === 1 ? 'record' : 'records'},{' '}
        <When at={production.at} zone={zone} />
      </h2>
      <p>
        <Tag>{words[state]}</Tag>
      </p>
      {production.formats.length > 0 && (
        <p>With {production.formats.map((name) => titles.get(name) ?? name).join('; ')}</p>
      )}
      {(state === 'running' || state === 'waiting') && (
        <p>
          <progress
            className="width-full"
            max={production.records}
            value={production.recordsDone}
            aria-label="Records written"
          />
          <br />
          {production.recordsDone.toLocaleString('en-US')} of {production.records.toLocaleString('en-US')}{' '}
          records written
        </p>
      )}
      {production.trouble && !bag && state !== 'cancelled' && (
        <div className="usa-alert usa-alert--warning usa-alert--slim">
          <div className="usa-alert__body">
            <p className="usa-alert__text">{production.trouble}</p>
          </div>
        </div>
      )}
      {bag && (
        <p>
          <a href={`${requestPath(production.request)}/productions/${production.id}`} download>
            Download ({sizeOf(bag.bytes)}, tar)
          </a>
          <br />
          <a href={`${requestPath(production.request)}/productions/${production.id}/certificate`}>
            Certificate for a court
          </a>
          <br />
          <span className="pv-quiet">
            SHA-256 <code>{bag.sha256}</code>. Check it anywhere with{' '}
            <code>npx plainview verify FILE --key KEY</code>.
          </span>
        </p>
      )}
      {state === 'released' && (
        <p>
          <a href={`${requestPath(production.request)}/productions/${production.id}/publication`}>
            Reading room
          </a>
        </p>
      )}
      {state !== 'released' && state !== 'cancelled' && (
        <Form method="post">
          <input type="hidden" name="production" value={production.id} />
          {state === 'ready' ? (
            <button className="usa-button" type="submit" name="intent" value="release">
              Release to the requester
            </button>
          ) : (
            <button className="usa-button usa-button--outline" type="submit" name="intent" value="cancel">
              Cancel
            </button>
          )}
        </Form>
      )}
    </section>
  )
}
