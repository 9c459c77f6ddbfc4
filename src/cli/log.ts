import { verifyLog } from '../archive/archive.ts'
import { exportLog } from '../archive/export.ts'
import { keyText } from '../archive/key-text.ts'
import { rotationReasons } from '../archive/keys.ts'
import { keyHistory } from '../archive/log.ts'
import { type KeyFiles, rotateKey } from '../archive/rotation.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'

/** `plainview log …`, beside the running server. Answers with the exit code, or null for a word that it does not know. */
export async function onLog(
  here: { db: Db; policy: Policy; now: () => Date },
  files: KeyFiles,
  action: string,
  /** The first word after it, as a path. */
  place: string,
  options: Readonly<Record<string, string>>,
): Promise<number | null> {
  const { db } = here
  const history = await keyHistory(db, files.current)
  switch (action) {
    case 'key':
      process.stdout.write(keyText(history))
      return 0
    case 'verify': {
      const verdict = await verifyLog(db, options.key ?? history.current)
      console.log(
        verdict.genuine
          ? `The log is whole: ${verdict.records} records, ${verdict.waiting} on their way into it.${saidOfDisposed(verdict)}`
          : `THE LOG DOES NOT VERIFY: ${verdict.problem}`,
      )
      return verdict.genuine ? 0 : 1
    }
    case 'export':
      return exported(db, files, place)
    case 'rotate-key':
      return rotate(here, files, options.reason ?? 'routine')
    default:
      return null
  }
}

async function exported(db: Db, files: KeyFiles, folder: string): Promise<number> {
  if (!folder) {
    console.error('Say where to: plainview log export FOLDER')
    return 2
  }
  const size = await exportLog(db, files.current, folder, (done, all) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${all}`)
  }).catch((error: Error) => error.message)
  if (typeof size === 'string') {
    console.error(size)
    return 1
  }
  console.log(
    size === null
      ? 'The log holds no record yet.'
      : `${size} records of the log are in ${folder}. Check them with: plainview verify ${folder} --key KEY`,
  )
  return size === null ? 1 : 0
}

async function rotate(
  { db, policy, now }: { db: Db; policy: Policy; now: () => Date },
  files: KeyFiles,
  typed: string,
): Promise<number> {
  const reason = rotationReasons.find((one) => one === typed)
  if (!reason) {
    console.error(`Say why: --reason ${rotationReasons.join(', or ')}.`)
    return 2
  }
  const by = { kind: 'system' } as const
  const decision = policy.decide(by, 'log.rotate', { type: 'Log', id: 'log' })
  if (!decision.allowed) {
    console.error(`${decision.because} ${decision.wayForward}`)
    return 1
  }
  const answer = await rotateKey(db, files, { reason, by, decision, now: now() })
  if (answer.problem !== undefined) {
    console.error(answer.problem)
    return 1
  }
  console.log(`From record ${answer.treeSize + 1} on the log is signed with the key ${answer.key.verifier}`)
  console.log(
    reason === 'routine'
      ? 'Whoever trusts the old key can follow to the new one by what is published at /log/key. Tell the witnesses of the new key.'
      : 'The old key can’t vouch for this one. Publish the new key where people know it is yours, and tell the witnesses.',
  )
  return 0
}

function saidOfDisposed({ disposed, uncertified }: { disposed: number; uncertified: number }): string {
  if (disposed === 0) return ''
  const without =
    uncertified > 0
      ? ` No certificate names ${uncertified} of them yet: unless a disposition is under way, find out why.`
      : ''
  return ` ${disposed} were lawfully disposed of; their leaves verify and say nothing.${without}`
}
