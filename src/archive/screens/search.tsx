import { Link } from 'react-router'
import { people, timeZoneHere, whoIs } from '../../department/department.ts'
import { allPages } from '../../pages/pages.ts'
import { holdsWorkedOut } from '../../retention/retention.ts'
import { HoldsWorkedOut } from '../../web/components/holds-worked-out.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readQuery, reversed, searchRecords } from '../archive.ts'
import { concealedAmong } from '../concealment.ts'
import { facetsOf, mostCounted } from '../facets.ts'
import { foundByReading, hitsIn } from '../hits.ts'
import { noteSearch } from '../lookup.ts'
import { explanation } from '../query-words.ts'
import { filesWaiting } from '../reading-store.ts'
import type { Route } from './+types/search'
import { askedIn, holdOn, looksFor, searchAddress } from './asked.ts'
import { FacetList } from './facet-list.tsx'
import { facetsShown } from './facets-shown.ts'
import { FoundRecords } from './found-records.tsx'
import { recordQuery } from './record-query.ts'
import { SaveSearch } from './save-search.tsx'
import { SearchFields } from './search-fields.tsx'

export async function loader({ context, request }: Route.LoaderArgs) {
  const { db, policy, platforms, now } = installation(context)
  const by = whoIs(signedIn(context))
  const decision = policy.decide(by, 'record.search', { type: 'Record', id: 'any' })
  if (!decision.allowed) return { refusal: decision, found: null }
  const zone = await timeZoneHere(db)
  const asked = askedIn(new URL(request.url).searchParams)
  const wanted = recordQuery(asked, zone)
  const read = asked.words ? readQuery(asked.words) : null
  const problems = { words: read?.problem, to: reversed(wanted.from, wanted.to) }
  const understood = !problems.words && !problems.to
  const [found, counts, pages, everybody, waiting, workedOut] = await Promise.all([
    searchRecords(db, wanted),
    facetsOf(db, wanted, zone, asked.count === 'all' ? mostCounted : undefined),
    allPages(db),
    people(db),
    filesWaiting(db),
    asked.held || asked.hold ? holdsWorkedOut(db) : 1,
  ])
  const recorded = looksFor(asked) && understood
  if (recorded) await noteSearch(db, { by, decision, now: now() }, wanted, counts)
  const ids = found.records.map(({ id }) => id)
  const [hits, byReading, concealed] = await Promise.all([
    hitsIn(db, ids, asked.words),
    foundByReading(db, ids, asked.words),
    // What is hidden is shown to whoever searched for it, as that is on record; nobody comes upon it by leafing.
    recorded ? new Set() : concealedAmong(db, ids),
  ])
  const names = {
    pages,
    people: everybody,
    platforms: new Map(platforms.all().map(({ kind, title }) => [kind, title])),
    series: policy.retention,
    languages: policy.languages,
  }
  return {
    refusal: null,
    asked,
    mayHold: policy.decide(by, 'hold.place', { type: 'Hold', id: 'any' }).allowed,
    zone,
    next: found.next,
    found: found.records.map((record) => ({
      ...record,
      stretches: hits.get(record.id) ?? null,
      concealed: concealed.has(record.id),
      byReading: byReading.has(record.id),
    })),
    waiting,
    workedOut,
    count: { found: counts.found, more: counts.more },
    facets: facetsShown(counts, asked, names),
    problems,
    understood,
    explained: read?.term ? explanation(read.term) : null,
  }
}

export default function Search({ loaderData }: Route.ComponentProps) {
  if (!loaderData.found)
    return (
      <>
        <PageHeading title="Archive" />
        {loaderData.refusal && <Refusal decision={loaderData.refusal} />}
      </>
    )
  const {
    found,
    count,
    facets,
    asked,
    zone,
    next,
    problems,
    understood,
    explained,
    mayHold,
    waiting,
    workedOut,
  } = loaderData
  const hold = mayHold && understood && count.found > 0 ? holdOn(asked) : null
  return (
    <>
      <PageHeading
        title="Archive"
        lead="Every record, and nothing here can be changed. What you search for is recorded as well."
      >
        <Link className="usa-button usa-button--outline" to="/console/archive/searches">
          Saved searches
        </Link>
      </PageHeading>
      <SearchFields asked={asked} problems={problems} />
      {understood && looksFor(asked) && (
        <p role="status">
          {count.found.toLocaleString('en-US')}
          {count.more && '+'}{' '}
          {(explained ?? 'records').replace(/^records/, count.found === 1 ? 'record' : 'records')}.{' '}
          {count.more && <Link to={searchAddress(asked, { count: 'all' })}>Count all</Link>}{' '}
          <Link to="/console/archive">Start again</Link>
        </p>
      )}
      <HoldsWorkedOut share={workedOut} />
      {hold && (
        <p>
          <Link to={hold.address}>Hold these records</Link>
          {hold.wider && ' (a hold lacks some of these filters, so it covers more)'}
        </p>
      )}
      {understood && looksFor(asked) && <SaveSearch address={searchAddress(asked)} />}
      {waiting > 0 && (
        <p className="pv-quiet">
          The words in{' '}
          {waiting === 1000
            ? 'over 1,000 pictures and captions'
            : waiting === 1
              ? 'one picture or caption file'
              : `${waiting} pictures and captions`}{' '}
          are still to be read; until then a search does not find them.{' '}
          <Link to="/console/archive/reading">More</Link>
        </p>
      )}
      {found.length > 0 && (
        <p className="tablet:display-none">
          <a href="#narrow">Narrow what was found</a>
        </p>
      )}
      <div className="grid-row grid-gap">
        <div className="tablet:grid-col-9">
          <FoundRecords records={found} zone={zone} />
          {next && (
            <p>
              <Link to={searchAddress(asked, { after: next })}>
                {asked.order === 'oldest' ? 'Newer' : asked.order === 'relevance' ? 'More' : 'Older'} records
              </Link>
            </p>
          )}
        </div>
        <div className="tablet:grid-col-3" id="narrow">
          <FacetList facets={facets} asked={asked} more={count.more} />
        </div>
      </div>
    </>
  )
}
