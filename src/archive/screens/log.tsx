import { departmentProfile, timeZoneOf } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { newestTimestamps, troubles, witnesses } from '../attestation-store.ts'
import { latestCheckpoint, logKeys } from '../log.ts'
import type { Route } from './+types/log'
import { HowToCheck } from './how-to-check.tsx'

export const handle = { scripts: false }
export const meta: Route.MetaFunction = () => [{ title: 'The public log' }]

export async function loader({ context }: Route.LoaderArgs) {
  const { db, logKey, baseUrl } = installation(context)
  const [profile, latest, keys, stamps, watching, failing] = await Promise.all([
    departmentProfile(db),
    latestCheckpoint(db),
    logKeys(db),
    newestTimestamps(db, 5),
    witnesses(db),
    troubles(db),
  ])
  return {
    department: profile?.name ?? 'The department',
    zone: timeZoneOf(profile),
    address: `${baseUrl}/log`,
    verifier: keys.at(-1)?.verifier ?? logKey.verifier,
    earlier: keys.slice(0, -1).map(({ verifier }, n) => ({ verifier, upTo: keys[n + 1]?.after ?? 0 })),
    size: latest?.treeSize ?? 0,
    signedAt: latest?.signedAt ?? null,
    stamps: stamps.map(({ id, treeSize, at, signer }) => ({ id, treeSize, at, signer })),
    witnesses: watching.map(({ url, verifier, newest }) => ({ url, verifier, newest })),
    failing: failing.map(({ what, since }) => ({ what, since })),
  }
}

const many = (n: number) => `${n.toLocaleString('en-US')} ${n === 1 ? 'record' : 'records'}`

export default function Log({ loaderData }: Route.ComponentProps) {
  const { department, zone, address, verifier, earlier, size, signedAt, stamps, witnesses, failing } =
    loaderData
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
          {earlier.map((key) => (
            <div key={key.verifier}>
              Before, up to {many(key.upTo)}: <code>{key.verifier}</code>
            </div>
          ))}
        </dd>
        <dt>To download</dt>
        <dd>
          <a href="/log/checkpoint">The checkpoint</a>, <a href="/log/key">the keys</a>
        </dd>
      </dl>
      <h2>Who outside has confirmed it</h2>
      {stamps.length === 0 && witnesses.length === 0 && (
        <p className="measure-5">
          Nobody yet. Keep a checkpoint yourself: then you can prove at any later time that this log was not
          rewritten.
        </p>
      )}
      {stamps.length > 0 && (
        <>
          <h3>Timestamps</h3>
          <p className="measure-5">
            An authority that the department does not control saw the log at these times (RFC 3161).
          </p>
          <ul className="usa-list">
            {stamps.map((stamp) => (
              <li key={stamp.id}>
                <When at={stamp.at} zone={zone} />, {many(stamp.treeSize)}, by {stamp.signer}:{' '}
                <a href={`/log/timestamps/${stamp.id}`}>timestamp</a>,{' '}
                <a href={`/log/checkpoints/${stamp.treeSize}?only=log`}>what it is over</a>
              </li>
            ))}
          </ul>
        </>
      )}
      {witnesses.length > 0 && (
        <>
          <h3>Witnesses</h3>
          <p className="measure-5">
            They remember what they have seen of this log, and sign a new state only if it continues that.
          </p>
          <ul className="usa-list">
            {witnesses.map((one) => (
              <li key={one.verifier}>
                <strong>{one.verifier.split('+')[0]}</strong>:{' '}
                {one.newest ? (
                  <>
                    signed <a href={`/log/checkpoints/${one.newest.treeSize}`}>{many(one.newest.treeSize)}</a>
                    , <When at={one.newest.at} zone={zone} />
                  </>
                ) : (
                  'nothing yet'
                )}
                <br />
                <code>{one.verifier}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      {failing.map(({ what, since }) => (
        <p key={`${what}${since}`} className="measure-5">
          <strong>
            {what === 'timestamp' ? 'A timestamp' : 'The signature of a witness'} has not been had since{' '}
            <When at={since} zone={zone} />.
          </strong>
        </p>
      ))}
      <HowToCheck address={address} />
    </>
  )
}
