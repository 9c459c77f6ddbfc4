import { Link } from 'react-router'
import { foundByReading, kindTitle, recordsAbout, searchRecords } from '../../archive/archive.ts'
import { capital } from '../../capital.ts'
import { opening } from '../../opening.ts'
import type { Db } from '../../storage/database.ts'
import type { RecordId } from '../../storage/ids.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { HoldsWorkedOut } from '../../web/components/holds-worked-out.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { ReadByMachine } from '../../web/components/read-by-machine.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { holdsWorkedOut } from '../coverage.ts'
import { countHeld } from '../store.ts'
import type { Route } from './+types/hold'
import { foundHold, zoneOf } from './found.ts'
import { count, covers, holdStates } from './wording.ts'

export const meta: Route.MetaFunction = ({ loaderData }) => [{ title: loaderData?.hold.matter ?? 'Hold' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const hold = await foundHold(context, params.id)
  const { db } = installation(context)
  const zone = await zoneOf(context)
  const day = (at: Date) => at.toLocaleDateString('en-US', { timeZone: zone, dateStyle: 'long' })
  const [held, newest, timeline, workedOut] = await Promise.all([
    countHeld(db, hold.id),
    searchRecords(db, { heldBy: hold.id, limit: 10 }),
    recordsAbout(db, { kind: 'hold', id: hold.id }),
    holdsWorkedOut(db, hold.id),
  ])
  const byReading = await heldByReading(
    db,
    hold.scopes,
    newest.records.map(({ id }) => id),
  )
  return {
    hold,
    zone,
    held,
    newest: newest.records.map((record) => ({
      ...record,
      title: kindTitle(record.kind),
      byReading: byReading.has(record.id),
    })),
    timeline,
    workedOut,
    covers: hold.scopes.map((scope) => ({ id: scope.id, says: covers(scope, kindTitle, day) })),
  }
}

/** Those that no set of conditions covers by the record's own words. */
async function heldByReading(
  db: Db,
  scopes: readonly { words: string | null }[],
  ids: readonly RecordId[],
): Promise<Set<RecordId>> {
  const each = await Promise.all(scopes.map(({ words }) => foundByReading(db, ids, words ?? '')))
  return new Set(ids.filter((id) => each.every((found) => found.has(id))))
}

export default function OneHold({ loaderData }: Route.ComponentProps) {
  const { hold, zone, held, newest, timeline } = loaderData
  const here = `/console/retention/holds/${hold.id}`
  return (
    <>
      <PageHeading title={hold.matter} lead={hold.reason}>
        {hold.state === 'in-force' && (
          <>
            <Link className="usa-button" to={`${here}/scope`}>
              Hold more
            </Link>
            <Link className="usa-button usa-button--outline" to={`${here}/merge`}>
              Merge
            </Link>
            <Link className="usa-button usa-button--outline" to={`${here}/release`}>
              Release
            </Link>
          </>
        )}
      </PageHeading>
      <p>
        <Tag tone={holdStates[hold.state].tone}>{holdStates[hold.state].word}</Tag>
      </p>
      <dl className="pv-facts">
        <dt>Placed</dt>
        <dd>
          {hold.placedByName}, <When at={hold.placed_at} zone={zone} />
        </dd>
        <dt>Custodians</dt>
        <dd className="text-pre-wrap">{hold.custodians || 'None were noted'}</dd>
        {hold.release && (
          <>
            <dt>Released</dt>
            <dd>
              {hold.release.byName}, <When at={hold.release.at} zone={zone} />: {hold.release.reason}
            </dd>
          </>
        )}
        {hold.merge && (
          <>
            <dt>Part of</dt>
            <dd>
              <Link to={`/console/retention/holds/${hold.merge.into}`}>{hold.merge.intoMatter}</Link>, since{' '}
              <When at={hold.merge.at} zone={zone} />: {hold.merge.reason}
            </dd>
          </>
        )}
      </dl>
      <h2>What it covers</h2>
      <ul className="usa-list">
        {loaderData.covers.map(({ id, says }) => (
          <li key={id}>{capital(says)}</li>
        ))}
      </ul>
      {hold.state === 'in-force' && (
        <>
          <HoldsWorkedOut share={loaderData.workedOut} />
          <p>
            {loaderData.workedOut < 1 && 'So far: '}
            {count(held.records, 'record')} about {count(held.things, 'thing')} now, and whatever is made
            later. <Link to={`/console/archive?hold=${hold.id}`}>See them in the archive</Link>
          </p>
          <DataTable
            caption="The newest of them"
            columns={[
              { key: 'at', title: 'When', render: (row) => <When at={row.at} zone={zone} /> },
              {
                key: 'kind',
                title: 'What',
                render: (row) => <Link to={`/console/archive/${row.id}`}>{row.title}</Link>,
              },
              {
                key: 'words',
                title: 'Words',
                render: (row) => (
                  <>
                    {opening(row.words, 140)}
                    {row.byReading && <ReadByMachine />}
                  </>
                ),
              },
            ]}
            rows={newest}
            empty={
              loaderData.workedOut < 1 ? (
                <p className="pv-quiet">None is known yet.</p>
              ) : (
                <EmptyState title="It covers no record yet">
                  <p>Check the conditions, unless you expect the records to come.</p>
                </EmptyState>
              )
            }
          />
        </>
      )}
      <Timeline entries={timeline} zone={zone} />
    </>
  )
}
