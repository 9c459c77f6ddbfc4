import { sql } from 'kysely'
import { attestationTroubles, secondsUnlogged } from '../archive/archive.ts'
import type { Installation } from '../installation.ts'

/** What an installation stands on, each with 'ok' or a sentence about what is wrong with it. */
export interface Health {
  database: string
  disk: string
  log: string
  jobs: string
}

/** A record waits a second for the log, and a job half of one; beyond these something has stopped. */
const longest = { log: 120, jobs: 300 }

export async function health({ db, blobs, jobs, log }: Installation): Promise<Health> {
  /** 'ok', or what `problem` says; a check that fails or hangs is a problem of its own. */
  const check = async (part: keyof Health, look: () => Promise<string | null>, unknown: string) => {
    const late = AbortSignal.timeout(5_000)
    const tooLate = new Promise<never>((_, reject) => {
      late.onabort = () => reject(new Error('no answer within five seconds'))
    })
    try {
      return (await Promise.race([look(), tooLate])) ?? 'ok'
    } catch (error) {
      log.error({ err: error, part }, 'health')
      return unknown
    }
  }
  const [database, disk, sequencer, queue] = await Promise.all([
    check('database', async () => sql`select 1`.execute(db).then(() => null), 'does not answer'),
    check(
      'disk',
      async () => {
        const room = await blobs.room()
        return room !== null && room <= 0 ? 'full: publishing has stopped until there is room' : null
      },
      'can’t be looked at',
    ),
    check(
      'log',
      async () =>
        (await secondsUnlogged(db)) > longest.log ? 'behind: records wait to be put into the log' : null,
      'can’t be looked at',
    ),
    check(
      'jobs',
      async () => ((await jobs.secondsBehind()) > longest.jobs ? 'behind: work waits that could run' : null),
      'can’t be looked at',
    ),
  ])
  return { database, disk, log: sequencer, jobs: queue }
}

/** What wants somebody's attention while everything goes on: who outside can't confirm the log. */
export async function warningsOf({ db }: Installation): Promise<string[]> {
  const troubles = await attestationTroubles(db).catch(() => [])
  return troubles.map(
    ({ what, since }) =>
      `${what === 'timestamp' ? 'A time authority' : 'A witness'} of the log fails since ${since.toISOString()}; the screen Proofs says why`,
  )
}
