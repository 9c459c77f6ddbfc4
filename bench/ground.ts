import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import pino from 'pino'
import { generateLogKey, writeLogKey } from '../src/archive/note.ts'
import { fill } from '../src/demo/fill.ts'
import { createAuth } from '../src/department/department.ts'
import type { Installation } from '../src/installation.ts'
import { createPlatforms } from '../src/platforms/platforms.ts'
import { loadPolicy } from '../src/policy/policy.ts'
import { openDatabase } from '../src/storage/database.ts'
import { diskBlobs } from '../src/storage/disk-blobs.ts'
import { startEmbedded } from '../src/storage/embedded.ts'
import { grantJobs } from '../src/storage/grant-jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { prepareJobs, startJobs } from '../src/storage/pg-boss-jobs.ts'
import { secretsWith } from '../src/storage/secrets.ts'
import { fillArchive } from './seed.ts'

export interface Sizes {
  quick: boolean
  tenMillion: boolean
}

/** A data folder of a real installation, as `npm start` would find it, that exists for this run only. */
export interface Ground extends Sizes {
  folder: string
  installation: Installation
  /** The owner's address of the installation's database. */
  ownerUrl: string
  /** An empty, migrated database of its own; `owner` may do anything in it. */
  freshDatabase(): Promise<{ app: string; owner: string }>
  /** Fills the archive up to this many records, all in the log. */
  archive(records: number): Promise<void>
  /** Starts a program of ours; it is ended with the run, if it has not ended before. */
  run(file: string, words?: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess
  /** Stops the database and leaves the folder, so that a process of its own can start on it. */
  rest(): Promise<void>
  close(): Promise<void>
}

export async function prepareGround(sizes: Sizes, say: (line: string) => void): Promise<Ground> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-bench-'))
  const children = new Set<ChildProcess>()
  const endings: (() => Promise<unknown>)[] = []
  const rest = async () => {
    for (let end = endings.pop(); end; end = endings.pop()) await end()
  }
  const close = async () => {
    for (const child of children) child.kill('SIGKILL')
    await rest().finally(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  }
  try {
    return await prepare()
  } catch (error) {
    await close()
    throw error
  }

  async function prepare(): Promise<Ground> {
    const log = pino({ level: 'silent' })
    const masterKey = randomBytes(32)
    const logKey = generateLogKey('localhost/log')
    // Where start.ts looks for them, so that the server goes on with what the bench has filled.
    await writeFile(path.join(folder, 'master-key'), masterKey.toString('hex'), { mode: 0o600 })
    await writeFile(path.join(folder, 'log-key'), writeLogKey(logKey), { mode: 0o600 })
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

    const { db, pool } = openDatabase(database.app)
    endings.push(() => db.destroy())
    const jobs = await startJobs(database.app, log)
    endings.push(() => jobs.stop())
    const blobs = diskBlobs(path.join(folder, 'blobs'))
    const secrets = secretsWith(masterKey)
    const baseUrl = 'http://localhost:4370'
    const installation: Installation = {
      db,
      policy: await loadPolicy(path.join(import.meta.dirname, '../policy/4.37')),
      blobs,
      jobs,
      platforms: createPlatforms({ db, blobs, allowPrivate: false }),
      secrets,
      auth: createAuth({ db, pool, baseUrl, secrets, secondFactor: false }),
      logKey,
      log,
      baseUrl,
      now: () => new Date(),
    }
    say('Filling a town’s department.')
    await fill(installation, { posts: 20, comments: 300 })

    return {
      ...sizes,
      folder,
      installation,
      ownerUrl: database.owner,
      async freshDatabase() {
        const name = `fresh_${++fresh}`
        await admin.query(`create database ${name} template blank`)
        return { app: at(database.app, name), owner: at(database.owner, name) }
      },
      archive: (records) => fillArchive({ installation, ownerUrl: database.owner, records, say }),
      run(file, words = [], env = {}) {
        const child = spawn(process.execPath, [file, ...words], {
          cwd: path.join(import.meta.dirname, '..'),
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
}
