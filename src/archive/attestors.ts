import type { Installation } from '../installation.ts'
import type { Denied, Who } from '../policy/policy.ts'
import { newId, parseId } from '../storage/ids.ts'
import * as store from './attestation-store.ts'
import { keyTypes, readVerifier } from './note.ts'
import { append } from './record.ts'
import { readCertificates } from './timestamp.ts'

/** Who outside confirms the log: chosen by people, by policy, with a record. */

type Here = Pick<Installation, 'db' | 'policy' | 'now' | 'logKey'>
export type AttestorAnswer =
  | { done: true }
  | { denied: Denied }
  /** A sentence a field; `form` stands for the form as a whole. */
  | { problems: Record<string, string> }

const mostHours = 8760

/** Has an authority confirm the log's time from now on (RFC 3161). */
export async function addAuthority(
  here: Here,
  who: Who,
  typed: { url: string; hours: string; ca: string },
): Promise<AttestorAnswer> {
  const hours = Number(typed.hours)
  const problems = {
    ...urlProblem(typed.url),
    ...(Number.isInteger(hours) && hours >= 1 && hours <= mostHours
      ? {}
      : { hours: `Enter a whole number of hours from 1 to ${mostHours}.` }),
    ...caProblem(typed.ca),
  }
  return change(here, who, problems, 'log.authority', typed.url.trim(), async (tx, at) => {
    const row = {
      id: newId<'timestamp-authority'>(),
      url: typed.url.trim(),
      ca: typed.ca.trim(),
      everyHours: hours,
      at,
    }
    return (await store.insertAuthority(tx, row))
      ? { content: { added: row.url, everyHours: hours, ca: row.ca } }
      : {
          problems: {
            url: 'This authority is asked already. To change how often, end it first and add it again.',
          },
        }
  })
}

/** Has a witness sign the log from now on (C2SP tlog-witness). */
export async function addWitness(
  here: Here,
  who: Who,
  typed: { url: string; verifier: string },
): Promise<AttestorAnswer> {
  const problems = {
    ...urlProblem(typed.url),
    ...(readVerifier(typed.verifier, keyTypes.witness)
      ? {}
      : {
          verifier:
            'This is no key of a witness. Its operator sees it when the witness starts: name+1a2b3c4d+BAAA…, in one line.',
        }),
  }
  return change(here, who, problems, 'log.witness', typed.url.trim(), async (tx, at) => {
    const row = { id: newId<'witness'>(), url: typed.url.trim(), verifier: typed.verifier.trim(), at }
    return (await store.insertWitness(tx, row))
      ? { content: { added: row.url, verifier: row.verifier } }
      : { problems: { verifier: 'This witness is asked already.' } }
  })
}

/** Asks an authority or a witness no more. What it confirmed is kept. */
export const endAttestor = (here: Here, who: Who, what: 'authority' | 'witness', id: string) =>
  change(here, who, {}, what === 'authority' ? 'log.authority' : 'log.witness', id, async (tx, at) => {
    const table = what === 'authority' ? 'timestamp_authority' : 'log_witness'
    const url = parseId(id) && (await store.endAttestor(tx, table, id, at))
    return url ? { content: { ended: url } } : { problems: { form: 'This one is not asked any more.' } }
  })

type Tx = Parameters<typeof append>[0]

async function change(
  { db, policy, now, logKey }: Here,
  by: Who,
  problems: Record<string, string>,
  kind: 'log.authority' | 'log.witness',
  words: string,
  apply: (tx: Tx, at: Date) => Promise<{ content: object } | { problems: Record<string, string> }>,
): Promise<AttestorAnswer> {
  const subject = { kind: 'log', id: logKey.name }
  const decision = policy.decide(by, 'log.configure', { type: 'Log', id: logKey.name })
  const at = now()
  if (!decision.allowed) {
    await db.transaction().execute((tx) =>
      append(tx, {
        kind: 'decision.refusal',
        subject,
        by,
        decision,
        content: { action: 'log.configure', because: decision.because },
        at,
      }),
    )
    return { denied: decision }
  }
  if (Object.keys(problems).length > 0) return { problems }
  return db.transaction().execute(async (tx): Promise<AttestorAnswer> => {
    const changed = await apply(tx, at)
    if ('problems' in changed) return changed
    await append(tx, { kind, subject, by, decision, content: changed.content, words, at })
    return { done: true }
  })
}

function urlProblem(typed: string): { url?: string } {
  const url = URL.parse(typed.trim())
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password)
    return { url: 'Enter an address that begins with https:// or http://, without a password in it.' }
  return {}
}

function caProblem(pem: string): { ca?: string } {
  try {
    readCertificates(pem)
    return {}
  } catch {
    return {
      ca: 'These are no certificates. Paste them as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, or leave this empty.',
    }
  }
}
