import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { readLogKey } from '../src/archive/note.ts'
import { createAuth } from '../src/department/auth.ts'
import type { Installation } from '../src/installation.ts'
import { outgoing } from '../src/platforms/outgoing.ts'
import { createPlatforms } from '../src/platforms/platforms.ts'
import { loadPolicy } from '../src/policy/policy.ts'
import { openDatabase } from '../src/storage/database.ts'
import { diskBlobs } from '../src/storage/disk-blobs.ts'
import { runningEmbedded } from '../src/storage/embedded.ts'
import { startJobs } from '../src/storage/pg-boss-jobs.ts'
import { secretsWith } from '../src/storage/secrets.ts'
import { openSuggester } from '../src/suggestions/suggestions.ts'

const root = path.join(import.meta.dirname, '..')

/** A real process of Plainview, as `npm start` runs it. */
export interface Plainview {
  url: string
  folder: string
  pid: number
  /** All it wrote to its terminal. */
  output(): string
  /** Its exit code, when it has ended; null when a signal ended it. */
  ended: Promise<number | null>
  /** `kill -9`: nothing is finished, nothing is written. */
  kill(): Promise<void>
  /** As a service manager stops it; answers with the exit code. */
  stop(): Promise<number | null>
}

type How = { folder?: string; env?: Record<string, string>; uid?: number; port?: number }

/** Starts Plainview and waits until it says where it is. Whatever it left is ended and removed after the test. */
export async function startPlainview(how: How = {}): Promise<Plainview> {
  const plainview = await launch(how)
  const ready = until(() => /^Plainview is at /m.test(plainview.output()))
  if ((await Promise.race([ready, plainview.ended.then(() => 'ended')])) === 'ended')
    throw new Error(`Plainview ended before it was ready:\n${plainview.output()}`)
  return plainview
}

/** Starts a process that is expected to end by itself, or to be killed before it is ready. */
export async function launch({ folder, env = {}, uid, port }: How): Promise<Plainview> {
  if (!existsSync(path.join(root, 'build/server/index.js')))
    throw new Error('The screens are not built. Run `npm start` once, or the tests without naming a file.')
  const data = folder ?? (await dataFolder())
  const where = port ?? (await freePort())
  const child: ChildProcess = spawn(process.execPath, ['src/web/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      PLAINVIEW_DATA: data,
      PORT: String(where),
      ...env,
    },
    ...(uid === undefined ? {} : { uid }),
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece) => {
      output += piece
    })
  // 'close' comes when its output is complete as well.
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const end = (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    return ended
  }
  onTestFinished(async () => {
    await end('SIGKILL')
    await killDatabase(data)
  })
  return {
    url: `http://localhost:${where}`,
    folder: data,
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  }
}

/** Kills the database server of a data folder with all its processes, as a failing machine would. */
export async function killDatabase(folder: string): Promise<void> {
  const text = await readFile(path.join(folder, 'postgres/postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(text.split('\n')[0])
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  if (pid && command.includes(path.join(folder, 'postgres'))) process.kill(-pid, 'SIGKILL')
}

/** A folder that is removed when the test file ends. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-process-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** The installation of a running process, to give it work and to look at what it did. */
export async function beside({ folder, url }: Plainview): Promise<Installation & { close(): Promise<void> }> {
  const database = await runningEmbedded(folder)
  if (!database) throw new Error(`No database runs in ${folder}.`)
  const { db, pool } = openDatabase(database, { connections: 4 })
  const key = async (name: string) => (await readFile(path.join(folder, name), 'utf8')).trimEnd()
  const secrets = secretsWith(Buffer.from(await key('master-key'), 'hex'))
  const blobs = diskBlobs(path.join(folder, 'blobs'))
  const log = pino({ level: 'silent' })
  const jobs = await startJobs(database, log)
  let open = true
  const close = async () => {
    if (!open) return
    open = false
    await jobs.stop().catch(() => {})
    await db.destroy().catch(() => {})
  }
  onTestFinished(close)
  const policy = await loadPolicy(path.join(root, 'policy/4.37'))
  return {
    db,
    policy,
    suggester: openSuggester(policy, path.join(root, 'src/suggestions/models')),
    blobs,
    jobs,
    platforms: createPlatforms({ db, blobs, allowPrivate: true }),
    secrets,
    auth: createAuth({ db, pool, baseUrl: url, secrets }),
    folder: path.join(folder, 'work'),
    logKey: readLogKey(await key('log-key')),
    outgoing: outgoing({ allowPrivate: true }),
    allowPrivate: true,
    browser: { missing: 'This installation captures no pages.' },
    log,
    baseUrl: url,
    now: () => new Date(),
    close,
  }
}

/** Waits until something is true; the test's own time-out says when it never will be. */
export async function until<Value>(look: () => Value | Promise<Value>): Promise<NonNullable<Value>> {
  for (;;) {
    const value = await look()
    if (value) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Runs a command of the command line against a data folder. */
export async function cli(
  folder: string,
  ...words: string[]
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [path.join(root, 'src/cli/plainview.ts'), ...words], {
    env: { PATH: process.env.PATH, PLAINVIEW_DATA: folder },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece) => {
      output += piece
    })
  return { code: await new Promise((resolve) => child.once('close', resolve)), output }
}

export async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
