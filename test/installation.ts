import { randomBytes } from 'node:crypto'
import path from 'node:path'
import pino from 'pino'
import { generateLogKey } from '../src/archive/note.ts'
import { findBrowser } from '../src/captures/captures.ts'
import { createAuth } from '../src/department/auth.ts'
import type { Installation } from '../src/installation.ts'
import type { Platform } from '../src/platforms/contract.ts'
import { outgoing } from '../src/platforms/outgoing.ts'
import { loadPolicy } from '../src/policy/policy.ts'
import { diskBlobs } from '../src/storage/disk-blobs.ts'
import type { Jobs } from '../src/storage/jobs.ts'
import { secretsWith } from '../src/storage/secrets.ts'
import { openSuggester } from '../src/suggestions/suggestions.ts'
import { testDatabase } from './database.ts'
import { scratchFolder } from './endings.ts'

type Enqueued = { queue: string; data: object; startAfter?: Date; key?: string }

/** Jobs that wait until a test runs them. What a transaction rolled back is still listed: tests look at the database. */
export interface RecordedJobs extends Jobs {
  enqueued: Enqueued[]
  /** Runs what waits in `queue` now, and returns how many jobs it ran. */
  run(queue: string): Promise<number>
}

export function recordedJobs(): RecordedJobs {
  const work = new Map<string, (data: never) => Promise<void>>()
  const enqueued: Enqueued[] = []
  return {
    enqueued,
    async enqueue(_tx, queue, data, options = {}) {
      enqueued.push({ queue, data, ...options })
    },
    async on(queue, run) {
      work.set(queue, run as never)
    },
    async every() {},
    secondsBehind: async () => 0,
    async stop() {},
    async run(queue) {
      const run = work.get(queue)
      if (!run) throw new Error(`Nothing works on the queue ${queue}.`)
      const waiting = enqueued.filter((job) => job.queue === queue)
      for (const job of waiting) {
        enqueued.splice(enqueued.indexOf(job), 1)
        await run(job.data as never)
      }
      return waiting.length
    },
  }
}

/** A whole installation on a fresh database; `platforms` are the only ones that it offers. */
export async function testInstallation(platforms: Platform[] = []) {
  const database = await testDatabase()
  const policy = await loadPolicy('policy/4.37')
  const folder = await scratchFolder()
  const jobs = recordedJobs()
  const secrets = secretsWith(randomBytes(32))
  const baseUrl = 'http://localhost:4370'
  const installation: Installation & { jobs: RecordedJobs } = {
    db: database.db,
    policy,
    suggester: openSuggester(policy, 'src/suggestions/models'),
    blobs: diskBlobs(folder),
    jobs,
    platforms: {
      all: () => platforms,
      get(kind) {
        const platform = platforms.find((one) => one.kind === kind)
        if (!platform) throw new Error(`No platform ${kind}`)
        return platform
      },
    },
    secrets,
    folder: path.join(folder, 'work'),
    auth: createAuth({ ...database, baseUrl, secrets }),
    logKey: generateLogKey('test.example/log'),
    outgoing: outgoing({ allowPrivate: true }),
    allowPrivate: true,
    browser: await findBrowser(process.env.PLAINVIEW_CHROMIUM ?? null),
    log: pino({ level: 'silent' }),
    baseUrl,
    now: () => new Date(),
  }
  return { ...installation, ...database }
}
