import { open, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Confirmation, Trust } from './confirmations.ts'
import { orFlaw } from './flaw.ts'
import { verifyRecord } from './record-proof.ts'
import { verifyBag } from './verify-bag.ts'
import { verifyConsistency } from './verify-consistency.ts'
import { verifyExport } from './verify-export.ts'
import { verifyWacz } from './verify-wacz.ts'

/** What a check found, for a person to read: line by line what holds, or the first thing that does not. */
export type Verdict = { genuine: true; lines: string[] } | { genuine: false; problem: string }

/** What the reader has beside the thing itself. */
export interface Beside {
  /** Needed for all but a WACZ without a proof. */
  trust: Trust | null
  /** A checkpoint that the reader kept from earlier. */
  kept?: string | undefined
  /** The proof of the record that a WACZ belongs to. */
  proof?: string | undefined
}

type Kind = 'bag' | 'export' | 'record' | 'consistency' | 'wacz'

/**
 * Checks whatever Plainview gives out, without a network, a database or an installation: a bag (folder or tar), a record
 * with its proof, a WACZ, a whole log, or two states of a log.
 */
export async function verify(place: string, beside: Beside): Promise<Verdict> {
  return orFlaw(async () => {
    const kind = await kindOf(place)
    if (kind === null)
      return wrong(
        `${place} is nothing that can be checked here: no bag, no record with its proof, no WACZ, no log, no proof of consistency.`,
      )
    if (kind === 'missing') return wrong(`${place} does not exist.`)
    if (kind === 'wacz') return waczLines(await verifyWacz(place, beside.trust, beside.proof))
    if (!beside.trust)
      return wrong('The public key of the log is needed to check this: --key KEY, or a file with it.')
    return checked(kind, place, beside.trust, beside.kept)
  })
}

async function checked(
  kind: Exclude<Kind, 'wacz'>,
  place: string,
  trust: Trust,
  kept?: string,
): Promise<Verdict> {
  if (kind === 'bag') return bagLines(await verifyBag(place, trust))
  if (kind === 'export') return exportLines(await verifyExport(place, trust, kept))
  const text = await readFile(place, 'utf8')
  if (kind === 'record') return recordLines(await verifyRecord(text, trust))
  const verdict = await verifyConsistency(text, trust, kept === undefined ? {} : { kept })
  return verdict.genuine
    ? good(
        `Consistent: the log ${verdict.origin} with ${count(verdict.from, 'record')} is the beginning of the one with ${verdict.to}. Nothing was changed or taken out in between.`,
      )
    : verdict
}

const wrong = (problem: string): Verdict => ({ genuine: false, problem })
const good = (...lines: string[]): Verdict => ({ genuine: true, lines })
const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

async function kindOf(place: string): Promise<Kind | 'missing' | null> {
  const found = await stat(place).catch(() => null)
  if (!found) return 'missing'
  if (found.isDirectory()) {
    const holds = (name: string) => stat(path.join(place, name)).catch(() => null)
    // A bag that lost its bagit.txt is still meant as a bag; the check then says so.
    if ((await holds('bagit.txt')) || (await holds('manifest-sha512.txt'))) return 'bag'
    return (await holds('checkpoint')) || (await holds('tile')) ? 'export' : null
  }
  const handle = await open(place, 'r')
  const head = Buffer.alloc(4096)
  await handle.read(head, 0, head.length, 0).finally(() => handle.close())
  if (head.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return 'wacz'
  if (head.subarray(257, 262).equals(Buffer.from('ustar'))) return 'bag'
  const format = /^\s*\{\s*"format":\s*"plainview (record proof|log consistency) v1"/.exec(
    head.toString('utf8'),
  )?.[1]
  return format === 'record proof' ? 'record' : format ? 'consistency' : null
}

function bagLines(verdict: Awaited<ReturnType<typeof verifyBag>>): Verdict {
  if (!verdict.genuine) return verdict
  const { records, redacted, withheld, disposed, files, copies, origin, treeSize } = verdict
  const { confirmations, positions } = verdict
  return good(
    `Genuine: ${count(records, 'record')} in ${count(files, 'file')}, all in the log ${origin} as it was signed at ${count(treeSize, 'record')}.`,
    ...(redacted > 0
      ? [
          `Redacted: ${redacted} of them. Their originals stand in the log; the department has signed what it released instead. That nothing but the marked passages was changed can't be seen from here.`,
        ]
      : []),
    ...(disposed > 0
      ? [
          `Disposed of: of ${disposed} more only the place in the log is left; their content was lawfully destroyed.`,
        ]
      : []),
    ...(withheld > 0 ? [`Withheld: ${withheld} more, listed with the exemptions in data/withheld.csv.`] : []),
    ...(copies > 0
      ? [
          `Copies: ${count(copies, 'file')} tell the same in other formats. They are as the manifest lists them, and the log does not prove them: what counts are the records.`,
        ]
      : []),
    ...confirmationLines(confirmations, positions),
  )
}

function recordLines(verdict: Awaited<ReturnType<typeof verifyRecord>>): Verdict {
  if (!verdict.genuine) return verdict
  const { record, position, origin, treeSize, confirmations } = verdict
  return good(
    `Genuine: the record ${record.id} (${record.kind}, ${record.at}) is number ${position} of the log ${origin} as it was signed at ${count(treeSize, 'record')}.`,
    ...record.blobs.map(({ sha256, role }) => `It names a file (${role}). Compare yours: SHA-256 ${sha256}`),
    ...confirmationLines(confirmations, [position]),
  )
}

function exportLines(verdict: Awaited<ReturnType<typeof verifyExport>>): Verdict {
  if (!verdict.genuine) return verdict
  const { origin, treeSize, confirmations } = verdict
  return good(
    `Whole: the log ${origin} holds ${count(treeSize, 'record')}, and its signed root follows from them.`,
    ...confirmationLines(confirmations, []),
  )
}

function waczLines(verdict: Awaited<ReturnType<typeof verifyWacz>>): Verdict {
  if (!verdict.genuine) return verdict
  const { files, title, signedBy, logged, confirmations } = verdict
  return good(
    `Unchanged: ${count(files, 'file')}${title ? ` of “${title}”` : ''}, as its list says.`,
    signedBy === null
      ? 'Nobody signed the package itself.'
      : `Signed by ${signedBy}. Whether that is who you think has to be found out elsewhere.`,
    logged === null
      ? 'No proof came with it that the department’s log holds this capture.'
      : `Genuine: the record of this capture is number ${logged.position} of the log ${logged.origin} as it was signed at ${count(logged.treeSize, 'record')}.`,
    ...confirmations.map((one) => `${said(one)}${how(one)}.`),
  )
}

/** Who outside has seen the log, and for records at these positions, by when they were in it. */
function confirmationLines(confirmations: readonly Confirmation[], positions: readonly number[]): string[] {
  if (confirmations.length === 0)
    return ['Nobody outside the department has confirmed this state of the log or an earlier one.']
  const last = positions.reduce((a, b) => Math.max(a, b), -1)
  const first = confirmations.find(({ treeSize }) => treeSize > last)
  const lines = positions.length === 0 ? confirmations.slice(-3) : first ? [first] : confirmations.slice(-1)
  return lines.map((one) => {
    const held =
      positions.length === 0
        ? `It held ${count(one.treeSize, 'record')} then`
        : one.treeSize > last
          ? 'All that is here was in the log by then'
          : `What stands after record ${one.treeSize} of the log came later, and nobody outside has confirmed when`
    return `${said(one)}${how(one)}. ${held}.`
  })
}

const said = ({ at, by, how }: Confirmation) =>
  how === 'timestamp'
    ? `Timestamped: ${by} saw it on ${at.toISOString()}`
    : `Witnessed: ${by} signed on ${at.toISOString()} that the log had only grown`

const how = ({ how, checked }: Confirmation) =>
  checked
    ? ''
    : how === 'timestamp'
      ? ' (its certificate was not checked; --tsa-ca FILE does)'
      : ' (not checked; --witness KEY does)'
