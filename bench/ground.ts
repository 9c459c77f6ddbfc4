import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import pino from 'pino'
import { generateLogKey, readLogKey, writeLogKey } from '../src/archive/note.ts'
import { fill } from '../src/demo/fill.ts'
import { createAuth } from '../src/department/department.ts'
import type { Installation } from '../src/installation.ts'
import { outgoing } from '../src/platforms/outgoing.ts'
import { createPlatforms } from '../src/platforms/platforms.ts'
import { loadPolicy } from '../src/policy/policy.ts'
import { openDatabase } from '../src/storage/database.ts'
import { diskBlobs } from '../src/storage/disk-blobs.ts'
import { startEmbedded } from '../src/storage/embedded.ts'
import { grantJobs } from '../src/storage/grant-jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { prepareJobs, startJobs } from '../src/storage/pg-boss-jobs.ts'
import { secretsWith } from '../src/storage/secrets.ts'
import { openSuggester } from '../src/suggestions/suggestions.ts'
import { fillArchive } from './seed.ts'

const root = path.join(import.meta.dirname, '..')

/** A data folder of a real installation, as `npm start` would find it, that exists for this run only. */
export interface Ground {
  quick: boolean
  tenMillion: boolean
  tenMinutes: boolean
  folder: string
  installation: Installation
  /** The application's address of the installation's database. */
  appUrl: string
  /** An empty, migrated database of its own. */
  freshDatabase(): Promise<{ app: string; owner: string }>
  /** Fills the archive up to this many records, all in the log. */
  archive(records: number): Promise<void>
  /** Starts a program of ours; it ends with the run at the latest. */
  run(file: string, words?: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess
  /** Stops the database and leaves the folder, so that a server can start on it. Rows after this have no database. */
  rest(): Promise<void>
  close(): Promise<void>
}

/** Makes the ground. `abandon` may come at any time; the folder is removed when the process ends. */
export function prepareGround(
  sizes: Pick<Ground, 'quick' | 'tenMillion' | 'tenMinutes'>,
  say: (line: string) => void,
): { ready: Promise<Ground>; close(): Promise<void>; abandon(): Promise<void> } {
  const children = new Set<ChildProcess>()
  const endings: (() => Promise<unknown>)[] = []
  let folder = ''
  const rest = async () => {
    for (let end = endings.pop(); end; end = endings.pop()) await end()
  }
  const endChildren = async () => {
    for (const child of children) {
      // Asked, not killed: a server has a database of its own to stop.
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  }
  const close = async () => {
    await endChildren()
    await rest()
  }
  // Without waiting for statements in progress: the database ends them.
  const abandon = async () => {
    await endChildren()
    await endings[0]?.()
  }
  // Whatever ends this process, the folder goes with it.
  process.once('exit', () => {
    for (const child of children) child.kill('SIGKILL')
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  })

  async function prepare(): Promise<Ground> {
    folder = await mkdtemp(path.join(tmpdir(), 'plainview-bench-'))
    // Where start.ts looks for them, so that the server goes on with what the bench has filled.
    await writeFile(path.join(folder, 'master-key'), randomBytes(32).toString('hex'), { mode: 0o600 })
    await writeFile(path.join(folder, 'log-key'), writeLogKey(generateLogKey('localhost/log')), {
      mode: 0o600,
    })
    const log = pino({ level: 'silent' })
    const database = await startEmbedded(folder)
    endings.push(() => database.stop())
    await migrate(database.owner)
    await prepareJobs(database.owner, log)
    await grantJobs(database.owner)
    const at = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
    const admin = new pg.Client({ connectionString: at(database.owner, 'postgres') })
    await admin.connect()
    endings.push(() => admin.end())
    await admin.query('create database blank template plainview')
    let fresh = 0

    const { installation, end } = await openInstallation(folder, database.app)
    endings.push(end)
    say('Filling a town’s department.')
    await fill(installation, { posts: 20, comments: 300 })

    return {
      ...sizes,
      folder,
      installation,
      appUrl: database.app,
      async freshDatabase() {
        const name = `fresh_${++fresh}`
        await admin.query(`create database ${name} template blank`)
        return { app: at(database.app, name), owner: at(database.owner, name) }
      },
      archive: (records) => fillArchive({ installation, ownerUrl: database.owner, records, say }),
      run(file, words = [], env = {}) {
        // With the flags of this process, which are the application's.
        const child = spawn(process.execPath, [...process.execArgv, path.join(root, file), ...words], {
          cwd: root,
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, ...env },
        })
        children.add(child)
        child.once('exit', () => children.delete(child))
        return child
      },
      rest,
      close,
    }
  }
  return { ready: prepare(), close, abandon }
}

/** An installation on the keys and files of `folder` and the database at `url`, beside whatever else uses them. */
export async function openInstallation(
  folder: string,
  url: string,
): Promise<{ installation: Installation; end(): Promise<void> }> {
  const log = pino({ level: 'silent' })
  const { db, pool } = openDatabase(url)
  const jobs = await startJobs(url, log)
  const blobs = diskBlobs(path.join(folder, 'blobs'))
  const secrets = secretsWith(Buffer.from(await readFile(path.join(folder, 'master-key'), 'utf8'), 'hex'))
  const baseUrl = 'http://localhost:4370'
  const policy = await loadPolicy(path.join(root, 'policy/4.37'))
  const installation: Installation = {
    db,
    policy,
    suggester: openSuggester(policy, path.join(root, 'src/suggestions/models')),
    blobs,
    jobs,
    platforms: createPlatforms({ db, blobs, allowPrivate: false }),
    secrets,
    folder,
    auth: createAuth({ db, pool, baseUrl, secrets, secondFactor: false }),
    logKey: readLogKey(await readFile(path.join(folder, 'log-key'), 'utf8')),
    outgoing: outgoing({ allowPrivate: false }),
    allowPrivate: false,
    browser: { missing: 'The bench captures no pages.' },
    log,
    baseUrl,
    now: () => new Date(),
  }
  const end = async () => {
    await jobs.stop()
    await db.destroy()
  }
  return { installation, end }
}
