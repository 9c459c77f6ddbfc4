import { Form, Link } from 'react-router'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { holdsOnAPage } from '../limits.ts'
import { type HoldLine, listHolds } from '../store.ts'
import type { Route } from './+types/holds'
import { mustReadRetention, zoneOf } from './found.ts'
import { holdStates } from './wording.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Legal holds' }]

export async function loader({ request, context }: Route.LoaderArgs) {
  mustReadRetention(context)
  const address = new URL(request.url).searchParams
  const words = address.get('words')?.trim().slice(0, 200) ?? ''
  const all = address.get('state') === 'all'
  const number = Number(address.get('page'))
  const page = Number.isInteger(number) && number > 0 && number < 100_000 ? number : 1
  const { holds, total } = await listHolds(installation(context).db, { all, words, page })
  return { holds, total, words, all, page, zone: await zoneOf(context) }
}

export default function Holds({ loaderData }: Route.ComponentProps) {
  const { holds, total, words, all, page, zone } = loaderData
  return (
    <>
      <PageHeading title="Legal holds" lead="While a hold is in force, nothing it covers can be disposed of.">
        <Link className="usa-button" to="/console/retention/holds/new">
          Place a hold
        </Link>
      </PageHeading>
      <Form method="get" className="grid-row grid-gap flex-align-end margin-bottom-2" role="search">
        <div className="tablet:grid-col-5">
          <Field label="Matter or custodian" name="words" type="search" defaultValue={words} />
        </div>
        <div className="tablet:grid-col-4">
          <Field
            label="State"
            name="state"
            defaultValue={all ? 'all' : ''}
            options={[
              { value: '', label: 'In force' },
              { value: 'all', label: 'All' },
            ]}
          />
        </div>
        <div className="tablet:grid-col-3">
          <button type="submit" className="usa-button usa-button--outline margin-top-2">
            Show
          </button>
        </div>
      </Form>
      <DataTable
        caption={`Holds: ${total}`}
        columns={[
          {
            key: 'matter',
            title: 'Matter',
            render: (row: HoldLine) => <Link to={`/console/retention/holds/${row.id}`}>{row.matter}</Link>,
          },
          { key: 'reason', title: 'Reason', render: (row) => opening(row.reason, 140) },
          {
            key: 'placed',
            title: 'Placed',
            render: (row) => (
              <>
                {row.placedByName}, <When at={row.placed_at} zone={zone} />
              </>
            ),
          },
          {
            key: 'state',
            title: 'State',
            render: (row) => <Tag tone={holdStates[row.state].tone}>{holdStates[row.state].word}</Tag>,
          },
        ]}
        rows={holds}
        empty={
          <EmptyState title={words || all ? 'No hold is like that' : 'No hold is in force'}>
            <p>
              Place one as soon as the department expects a claim, a case or an inquiry.{' '}
              <Link to="/console/retention/holds?state=all">Show all holds</Link>
            </p>
          </EmptyState>
        }
      />
      <Pager page={page} pages={Math.ceil(total / holdsOnAPage)} />
    </>
  )
}
