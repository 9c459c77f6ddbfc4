import { data, Form, Link, redirect } from 'react-router'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { deleteSearch, readSearch, savedSearches, saveSearch, setAlerts } from '../saved-search.ts'
import type { Route } from './+types/saved-searches'
import { askedIn, searchAddress } from './asked.ts'
import { recordQuery } from './record-query.ts'
import { SaveSearch } from './save-search.tsx'

const here = '/console/archive/searches'

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const person = signedIn(context)
  const decision = policy.decide(whoIs(person), 'record.search', { type: 'Record', id: 'any' })
  if (!decision.allowed) return { refusal: decision, searches: null }
  return { refusal: null, searches: await savedSearches(db, person.id) }
}

export async function action({ context, request }: Route.ActionArgs) {
  const { db, policy, now } = installation(context)
  const person = signedIn(context)
  const decision = policy.decide(whoIs(person), 'record.search', { type: 'Record', id: 'any' })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
  const form = await formOf(request)
  const text = (name: string) => String(form.get(name) ?? '')
  if (text('intent') === 'save') {
    const asked = askedIn(new URLSearchParams(text('address').split('?')[1]))
    const zone = await timeZoneHere(db)
    const address = searchAddress(asked)
    const [name, alerts] = [text('name'), text('alerts') === 'yes']
    const query = recordQuery(asked, zone)
    const answer = await saveSearch(db, { person: person.id, name, address, query, alerts, now: now() })
    if ('problem' in answer) return data({ ...answer, address, name, alerts }, { status: 422 })
    throw redirect(here)
  }
  const id = parseId<'saved-search'>(text('search'))
  if (!id) throw data(null, { status: 404 })
  if (text('intent') === 'run') throw redirect((await readSearch(db, person.id, id)) ?? here)
  if (text('intent') === 'delete') await deleteSearch(db, person.id, id)
  else await setAlerts(db, person.id, id, text('intent') === 'alert')
  throw redirect(here)
}

export default function SavedSearches({ loaderData, actionData }: Route.ComponentProps) {
  const { searches, refusal } = loaderData
  return (
    <>
      <PageHeading
        title="Saved searches"
        lead="Yours alone. One that alerts tells you on Today when new records match; Plainview sends no mail about it."
      >
        <Link className="usa-button usa-button--outline" to="/console/archive">
          Search the archive
        </Link>
      </PageHeading>
      {refusal && <Refusal decision={refusal} />}
      {actionData && <SaveSearch {...actionData} />}
      {searches?.length === 0 && (
        <EmptyState title="No search is saved">
          <p>
            <Link to="/console/archive">Search the archive</Link>, and choose “Save this search” there.
          </p>
        </EmptyState>
      )}
      {searches?.map(({ id, name, alerts, newMatches }) => (
        <Form key={id} method="post" className="pv-card margin-top-2" id={name} aria-label={name}>
          <h2 className="margin-top-0">{name}</h2>
          <p>
            {!alerts
              ? 'Does not alert.'
              : newMatches > 0
                ? `${newMatches.toLocaleString('en-US')} new since you last ran it.`
                : 'Nothing new since you last ran it.'}
          </p>
          <input type="hidden" name="search" value={id} />
          <div className="pv-actions">
            <button className="usa-button" type="submit" name="intent" value="run">
              Run
            </button>
            <button
              className="usa-button usa-button--outline"
              type="submit"
              name="intent"
              value={alerts ? 'no-alert' : 'alert'}
            >
              {alerts ? 'Stop alerting' : 'Alert me'}
            </button>
            <button className="usa-button usa-button--outline" type="submit" name="intent" value="delete">
              Delete
            </button>
          </div>
        </Form>
      ))}
    </>
  )
}
