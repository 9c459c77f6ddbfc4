import type { Installation } from '../installation.ts'
import { askWitness, troubleOf } from './ask-witness.ts'
import * as store from './attestation-store.ts'
import { consistencyProof, latestCheckpoint } from './log.ts'
import { readResponse, timestampRequest, verifyTimestamp } from './timestamp.ts'

type Here = Pick<Installation, 'db' | 'outgoing' | 'now' | 'log' | 'jobs'>

const everySeconds = 60

/** Lets this process have the log timestamped and witnessed. */
export async function registerAttestationJobs(here: Here) {
  await here.jobs.every('log.timestamps', everySeconds, () => askAuthorities(here))
  await here.jobs.every('log.witnesses', everySeconds, () => askWitnesses(here))
}

const minute = 60_000

/** A first failure is tried again after five minutes, a lasting one every hour. */
const rests = (trouble: store.Trouble | null, now: Date) => {
  if (!trouble) return false
  const pause = trouble.lastAt.getTime() - trouble.since.getTime() < 60 * minute ? 5 * minute : 60 * minute
  return now.getTime() - trouble.lastAt.getTime() < pause
}

/** Has each authority whose time has come confirm the newest checkpoint. A failure is noted, and stops no other. */
export async function askAuthorities({ db, outgoing, now, log }: Omit<Here, 'jobs'>) {
  const checkpoint = await latestCheckpoint(db)
  if (!checkpoint) return
  for (const authority of await store.authorities(db)) {
    const { newest, trouble } = authority
    const due =
      !newest ||
      (checkpoint.treeSize > newest.treeSize &&
        now().getTime() - newest.at.getTime() >= authority.everyHours * 60 * minute)
    if (!due || rests(trouble, now())) continue
    const answer = await askAuthority(outgoing, authority, checkpoint.note)
    if (answer.problem !== undefined) {
      log.error({ authority: authority.url, problem: answer.problem }, 'no timestamp')
      await store.noteTrouble(db, authority.id, answer.problem, now())
    } else
      await db
        .transaction()
        .execute((tx) =>
          store.keepTimestamp(tx, { treeSize: checkpoint.treeSize, authority: authority.id, ...answer }),
        )
  }
}

const patience = 15_000
const longestResponse = 200_000

type Stamped =
  | { token: Buffer; at: Date; signer: string; trusted: boolean; problem?: never }
  | { problem: string }

/** Asks an authority to timestamp a checkpoint's note (RFC 3161 § 3.4), and checks what it answers before it counts. */
export async function askAuthority(
  fetch: typeof globalThis.fetch,
  { url, ca }: { url: string; ca: string },
  note: string,
): Promise<Stamped> {
  const data = Buffer.from(note)
  const { der, nonce } = timestampRequest(data)
  let body: Buffer
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: new Uint8Array(der),
      headers: { 'Content-Type': 'application/timestamp-query', Accept: 'application/timestamp-reply' },
      signal: AbortSignal.timeout(patience),
    })
    if (response.status !== 200) return { problem: `The authority answered with status ${response.status}.` }
    body = Buffer.from(await response.arrayBuffer())
  } catch (error) {
    return { problem: troubleOf(error) }
  }
  if (body.length > longestResponse) return { problem: 'The authority’s answer is too long for a timestamp.' }
  const answer = readResponse(body)
  if (answer.problem !== undefined) return answer
  const verdict = await verifyTimestamp(answer.token, data, { nonce, ca })
  return verdict.problem !== undefined
    ? { problem: verdict.problem }
    : { token: answer.token, at: verdict.at, signer: verdict.signer, trusted: verdict.trusted }
}

/** Has each witness sign the newest checkpoint, if it has not yet. A failure is noted, and stops no other. */
export async function askWitnesses({ db, outgoing, now, log }: Omit<Here, 'jobs'>) {
  const checkpoint = await latestCheckpoint(db)
  if (!checkpoint) return
  for (const witness of await store.witnesses(db)) {
    const known = witness.newest?.treeSize ?? 0
    if (known >= checkpoint.treeSize || rests(witness.trouble, now())) continue
    const answer = await askWitness(outgoing, witness, checkpoint, known, (old) =>
      consistencyProof(db, old, checkpoint.treeSize),
    )
    if (answer.problem !== undefined) {
      log.error({ witness: witness.url, problem: answer.problem }, 'no cosignature')
      await store.noteTrouble(db, witness.id, answer.problem, now())
    } else
      await db.transaction().execute((tx) =>
        store.keepCosignature(tx, {
          treeSize: checkpoint.treeSize,
          witness: witness.id,
          line: answer.line,
          at: answer.at,
        }),
      )
  }
}
