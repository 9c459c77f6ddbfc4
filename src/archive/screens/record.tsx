import { data, Link } from 'react-router'
import { roleTitle, timeZoneHere, whoIs } from '../../department/department.ts'
import type { Who } from '../../policy/policy.ts'
import { disposedAt, holdsOn, retentionOf } from '../../retention/retention.ts'
import { parseId } from '../../storage/ids.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { PrintButton } from '../../web/components/print-button.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { actorName } from '../actor-name.ts'
import {
  inclusionProof,
  latestCheckpoint,
  readDisposed,
  readRecord,
  recordsAbout,
  versionBefore,
} from '../archive.ts'
import { changesBetween, factsOf } from '../facts.ts'
import { kindTitle } from '../kinds.ts'
import { noteOpening } from '../lookup.ts'
import { includes, leafHash } from '../merkle.ts'
import { mayRead, readable } from '../reading-right.ts'
import { readingsOf } from '../reading-store.ts'
import { commitmentTo } from '../record.ts'
import type { Route } from './+types/record'
import { Changes, Facts } from './content.tsx'
import { DisposedRecordPart } from './disposed-record.tsx'
import { isCapture, RecordFiles, Words } from './record-files.tsx'
import { RecordRetention } from './record-retention.tsx'
import { Openings, Restricted } from './restricted.tsx'
import { Subject, titleOf } from './subject.tsx'

export async function loader({ context, params }: Route.LoaderArgs) {
  const here = installation(context)
  const { db, policy, now } = here
  const by = whoIs(signedIn(context))
  const id = parseId<'record'>(params.id)
  const decision = await mayRead(here, by, id)
  if (!decision.allowed) return { refusal: decision, record: null, disposed: null }
  const record = id && (await readRecord(db, id))
  const zone = await timeZoneHere(db)
  if (!record) {
    const disposed = id && (await readDisposed(db, id))
    if (!disposed) throw data(null, { status: 404 })
    return {
      refusal: null,
      record: null,
      disposed: {
        ...disposed,
        destroyedAt: await disposedAt(db, disposed.disposition, disposed.subject),
        title: titleOf(disposed.subject, [], ''),
        commitment: disposed.commitment.toString('hex'),
        zone,
      },
    }
  }
  const restrictions = await noteOpening(db, { by, decision, now: now() }, record.id)
  const [checkpoint, all, retention, holds, openings, readings] = await Promise.all([
    latestCheckpoint(db),
    recordsAbout(db, record.subject),
    retentionOf(db, record.kind, record.subject),
    holdsOn(db, record.subject),
    restrictions.length > 0 ? recordsAbout(db, { kind: 'record', id: record.id }) : [],
    readingsOf(db, record.id),
  ])
  const about = await readable(here, by, all)
  const facts = factsOf(record.content)
  const [earlier] = await readable(
    here,
    by,
    [await versionBefore(db, record)].filter((one) => one !== null),
  )
  const proof = checkpoint ? await inclusionProof(db, record.id, checkpoint.treeSize) : null
  const commitment = commitmentTo(record.json, record.salt)
  return {
    refusal: null,
    disposed: null,
    zone,
    about,
    /** Whoever reads one record because it was passed on to them has no way into what it is about. */
    byOffice: policy.decide(by, 'record.read', { type: 'Record', id: 'any' }).allowed,
    retention,
    holds,
    title: titleOf(record.subject, about, record.words),
    restrictions,
    openings,
    readings,
    facts,
    changes: earlier ? changesBetween(factsOf(earlier.content), facts) : [],
    record: {
      ...record,
      salt: record.salt.toString('hex'),
    },
    offices: officesOf(record.by),
    commitment: commitment.toString('hex'),
    proof:
      proof && checkpoint
        ? {
            position: proof.position,
            treeSize: proof.treeSize,
            path: proof.path.map((hash) => hash.toString('hex')),
            holds: includes(
              leafHash(commitment),
              proof.position,
              proof.treeSize,
              proof.path,
              checkpoint.root,
            ),
          }
        : null,
  }
}

/** In what office somebody acted, as people call it; that they work here goes without saying when they hold one. */
function officesOf(by: Who): string[] {
  if (by.kind !== 'person') return []
  const held = by.roles.filter((role) => role !== 'member')
  return [...(held.length > 0 ? held : by.roles).map(roleTitle), ...(by.designee ? ['Designee'] : [])]
}

export default function OneRecord({ loaderData }: Route.ComponentProps) {
  if (loaderData.disposed) return <DisposedRecordPart record={loaderData.disposed} />
  if (!loaderData.record)
    return (
      <>
        <PageHeading title="Record" />
        {loaderData.refusal && <Refusal decision={loaderData.refusal} />}
      </>
    )
  const { record, about, title, restrictions, openings, readings, facts, changes, zone, proof } = loaderData
  const { commitment, offices, retention, holds } = loaderData
  const { by, decision, subject } = record
  return (
    <>
      <PageHeading title={kindTitle(record.kind)} lead={<When at={record.at} zone={zone} />}>
        <PrintButton />
      </PageHeading>
      <Restricted restrictions={restrictions} />
      <dl className="pv-facts">
        <dt>Who</dt>
        <dd>
          {actorName(by)}
          {offices.length > 0 && ` (${offices.join(', ')})`}
        </dd>
        <dt>About</dt>
        <dd>{loaderData.byOffice ? <Subject subject={subject} title={title} /> : title}</dd>
        {decision && (
          <>
            <dt>By the policy</dt>
            <dd>
              {decision.allowed ? 'Allowed' : 'Refused'} under{' '}
              {decision.clauses.map((clause) => (
                <Link key={clause} className="margin-right-1" to={`/console/policy/${clause}`}>
                  {clause}
                </Link>
              ))}
            </dd>
          </>
        )}
      </dl>
      <RecordRetention retention={retention} holds={holds} subject={subject} />
      {isCapture(record) && <RecordFiles record={record} readings={readings} />}
      <Words record={record} />
      {!isCapture(record) && <RecordFiles record={record} readings={readings} />}
      <Changes changes={changes} />
      <Facts facts={facts} words={record.words} />
      <h2>Proof</h2>
      {proof ? (
        <>
          <p>
            {proof.holds
              ? `This record is number ${proof.position.toLocaleString('en-US')} of the public log, and the log’s signed root follows from it.`
              : 'The log does not hold this record as it stands here. Somebody changed the database. Tell information services at once.'}
          </p>
          {proof.holds && (
            <p>
              <a href={`/console/archive/${record.id}/proof`} download>
                Download with proof
              </a>{' '}
              (one file: the record, what proves it, and who outside confirmed the log). Anybody can check it
              with <code>npx plainview verify</code>.
            </p>
          )}
          <details>
            <summary>Hashes</summary>
            <dl className="pv-facts">
              <dt>Salt</dt>
              <dd>
                <code>{record.salt}</code>
              </dd>
              <dt>Commitment</dt>
              <dd>
                <code>{commitment}</code>
              </dd>
              <dt>Tree size</dt>
              <dd>{proof.treeSize}</dd>
              <dt>Path</dt>
              <dd>
                {proof.path.map((hash) => (
                  <div key={hash}>
                    <code>{hash}</code>
                  </div>
                ))}
              </dd>
            </dl>
          </details>
        </>
      ) : (
        <p>This record is on its way into the log. Look again in a few seconds.</p>
      )}
      <details>
        <summary>The record as it is kept (canonical JSON)</summary>
        <pre className="pv-json">{record.json}</pre>
      </details>
      <Timeline entries={about} zone={zone} />
      <Openings entries={openings} zone={zone} />
    </>
  )
}
