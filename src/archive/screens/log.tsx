import { departmentProfile } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { latestCheckpoint } from '../archive.ts'
import type { Route } from './+types/log'

export const handle = { scripts: false }

export async function loader({ context }: Route.LoaderArgs) {
  const { db, logKey } = installation(context)
  const [profile, latest] = await Promise.all([departmentProfile(db), latestCheckpoint(db)])
  return {
    department: profile?.name ?? 'The department',
    zone: profile?.timeZone ?? 'America/New_York',
    verifier: logKey.verifier,
    size: latest?.treeSize ?? 0,
    signedAt: latest?.signedAt ?? null,
  }
}

export default function Log({ loaderData }: Route.ComponentProps) {
  const { department, zone, verifier, size, signedAt } = loaderData
  return (
    <>
      <PageHeading
        title="The public log"
        lead={`${department} records everything that happens on its pages. This log lets anyone check that no record was changed or taken out later.`}
      />
      <dl className="pv-facts">
        <dt>Records in the log</dt>
        <dd>{size.toLocaleString('en-US')}</dd>
        <dt>Last signed</dt>
        <dd>{signedAt ? <When at={signedAt} zone={zone} /> : 'Not yet'}</dd>
        <dt>Public key</dt>
        <dd>
          <code>{verifier}</code>
        </dd>
        <dt>Checkpoint</dt>
        <dd>
          <a href="/log/checkpoint">/log/checkpoint</a>
        </dd>
      </dl>
      <h2>How it works</h2>
      <p className="measure-5">
        Each record is hashed together with a random number of its own, so the log gives nothing of its
        content away. The hashes form a Merkle tree (RFC 6962), published as tiles below /log/tile/. The
        checkpoint signs the whole of it. Who keeps a checkpoint can prove at any later time that the log has
        only grown.
      </p>
    </>
  )
}
