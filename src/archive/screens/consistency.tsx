import { timeZoneHere } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { proveConsistency, recognize } from '../consistency.ts'
import { checkpoints } from '../log.ts'
import type { Route } from './+types/consistency'

export const handle = { scripts: false }
export const meta: Route.MetaFunction = () => [{ title: 'Compare two states of the log' }]

const onAPage = 25

export async function loader({ context, request }: Route.LoaderArgs) {
  const { db, logKey } = installation(context)
  const typed = new URL(request.url).searchParams
  const before = Number(typed.get('before')) || undefined
  const [zone, page] = await Promise.all([timeZoneHere(db), checkpoints(db, onAPage + 1, before)])
  const kept = typed.get('kept') ?? ''
  const known = kept.trim() === '' ? null : await recognize(db, kept)
  const older = known?.size?.toString() ?? typed.get('older') ?? ''
  const newest = (await checkpoints(db, 1))[0]
  const newer = typed.get('newer') || (newest?.treeSize.toString() ?? '')
  const asked = older !== '' && newer !== '' && known?.problem === undefined
  const proof = asked ? await proveConsistency(db, logKey, older, newer) : null
  return {
    zone,
    older,
    newer,
    kept,
    problem: { kept: known?.problem, sizes: proof?.problem },
    proven: proof?.file
      ? {
          older: proof.older.treeSize,
          newer: proof.newer.treeSize,
          olderAt: proof.older.signedAt,
          newerAt: proof.newer.signedAt,
          path: proof.file.path,
        }
      : null,
    states: page
      .slice(0, onAPage)
      .map(({ treeSize, signedAt }) => ({ id: String(treeSize), treeSize, signedAt })),
    next: page.length > onAPage ? page[onAPage - 1]?.treeSize : null,
  }
}

const many = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? 'record' : 'records'}`

export default function Consistency({ loaderData }: Route.ComponentProps) {
  const { zone, older, newer, kept, problem, proven, states, next } = loaderData
  return (
    <>
      <PageHeading
        title="Compare two states of the log"
        lead="A proof that the older one is the beginning of the newer: that in between nothing was changed or taken out, only added."
      />
      {proven && <Proof proven={proven} zone={zone} />}
      <form method="get" className="measure-5">
        <h2 className="margin-top-4">Choose two states</h2>
        <Field
          label="Records in the older state"
          name="older"
          inputMode="numeric"
          defaultValue={older}
          problem={problem.sizes}
        />
        <Field label="Records in the newer state" name="newer" inputMode="numeric" defaultValue={newer} />
        <button className="usa-button margin-top-2" type="submit">
          Compare
        </button>
      </form>
      <form method="get" className="measure-5">
        <h2 className="margin-top-5">Or compare with a checkpoint that you kept</h2>
        <Field
          label="Checkpoint"
          name="kept"
          multiline
          rows={5}
          hint="As you saved it from /log/checkpoint at some earlier time."
          defaultValue={kept}
          problem={problem.kept}
        />
        <button className="usa-button margin-top-2" type="submit">
          Compare with today’s log
        </button>
      </form>
      <DataTable
        caption="Signed states, newest first"
        rows={states}
        columns={[
          { key: 'treeSize', title: 'Records', render: (row) => row.treeSize.toLocaleString('en-US') },
          { key: 'signedAt', title: 'Signed', render: (row) => <When at={row.signedAt} zone={zone} /> },
          {
            key: 'note',
            title: 'Checkpoint',
            render: (row) => <a href={`/log/checkpoints/${row.treeSize}`}>as signed</a>,
          },
          {
            key: 'compare',
            title: 'Proof',
            render: (row) => <a href={`/log/consistency?older=${row.treeSize}`}>to the newest</a>,
          },
        ]}
        empty={<p>Nothing has been signed yet.</p>}
      />
      {next && <a href={`/log/consistency?before=${next}`}>Older states</a>}
    </>
  )
}

type Proven = NonNullable<Route.ComponentProps['loaderData']['proven']>

function Proof({ proven, zone }: { proven: Proven; zone: string }) {
  return (
    <section className="pv-card" aria-label="The proof">
      <h2 className="margin-top-0">
        {many(proven.older)} are the beginning of {many(proven.newer)}
      </h2>
      <p className="measure-5">
        The older state was signed <When at={proven.olderAt} zone={zone} />, the newer one{' '}
        <When at={proven.newerAt} zone={zone} />. From the {proven.path.length} hashes below follow both
        roots, the one that was signed then and the one that was signed later. Nobody can make such a list
        when a single earlier record was changed. Don’t take our word for it: download the proof, and check it
        on your own machine.
      </p>
      <p>
        <a href={`/log/consistency/${proven.older}/${proven.newer}`} download>
          Download the proof
        </a>
        , then <code>npx plainview verify FILE --key KEY</code>
      </p>
      <details>
        <summary>Hashes</summary>
        {proven.path.map((hash) => (
          <div key={hash}>
            <code>{hash}</code>
          </div>
        ))}
      </details>
    </section>
  )
}
