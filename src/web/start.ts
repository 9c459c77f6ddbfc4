import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import pino from 'pino'
import type { ServerBuild } from 'react-router'
import { registerAttestationJobs, sequence } from '../archive/archive.ts'
import { openLogKey } from '../archive/key-file.ts'
import { registerCommentJobs } from '../comments/comments.ts'
import { fill } from '../demo/fill.ts'
import { demoPassword, people as demoPeople } from '../demo/people.ts'
import { createAuth, departmentProfile, issueSetUpLink } from '../department/department.ts'
import { registerImportJobs } from '../imports/imports.ts'
import type { Installation } from '../installation.ts'
import { registerPageJobs } from '../pages/pages.ts'
import { outgoing } from '../platforms/outgoing.ts'
import { createPlatforms } from '../platforms/platforms.ts'
import { loadPolicy } from '../policy/policy.ts'
import { registerPostJobs } from '../posts/posts.ts'
import { registerRequestJobs } from '../requests/requests.ts'
import { openDatabase } from '../storage/database.ts'
import { diskBlobs } from '../storage/disk-blobs.ts'
import { type DatabaseUrls, startEmbedded } from '../storage/embedded.ts'
import { grantJobs } from '../storage/grant-jobs.ts'
import { migrate } from '../storage/migrate.ts'
import { prepareJobs, startJobs } from '../storage/pg-boss-jobs.ts'
import { s3Blobs } from '../storage/s3-blobs.ts'
import { type Secrets, secretsWith } from '../storage/secrets.ts'
import { listen, site } from './server.ts'

const root = path.join(import.meta.dirname, '../..')
const env = process.env
const demo = process.argv.includes('--demo')

await start()

/** Brings up one process of Plainview: database, jobs and site; ends it in order when asked to. */
async function start() {
  const folder = path.resolve(root, env.PLAINVIEW_DATA ?? (demo ? 'data/demo' : 'data'))
  await mkdir(folder, { recursive: true })
  const log = pino(
    { level: env.PLAINVIEW_LOG ?? 'info' },
    pino.destination(path.join(folder, 'plainview.log')),
  )
  const release = await claim(folder)
  const port = Number(env.PORT ?? 4370)
  const baseUrl = (env.PLAINVIEW_URL ?? `http://localhost:${port}`).replace(/\/$/, '')

  const secrets = secretsWith(
    await kept(
      path.join(folder, 'master-key'),
      () => randomBytes(32).toString('hex'),
      (text) => Buffer.from(text, 'hex'),
    ),
  )
  const logKey = await openLogKey(folder, `${new URL(baseUrl).host}/log`)
  const database: DatabaseUrls & { stop?(): Promise<void> } = env.DATABASE_URL
    ? await elsewhere(env.DATABASE_URL, secrets)
    : await startEmbedded(folder, (line) => log.info({ line }, 'postgres'))
  await migrate(database.owner)
  await prepareJobs(database.owner, log)
  await grantJobs(database.owner)
  const { db, pool } = openDatabase(database.app)
  const blobs = env.PLAINVIEW_S3_BUCKET
    ? s3Blobs({
        bucket: env.PLAINVIEW_S3_BUCKET,
        region: env.AWS_REGION ?? 'us-east-1',
        ...(env.PLAINVIEW_S3_ENDPOINT ? { endpoint: env.PLAINVIEW_S3_ENDPOINT } : {}),
      })
    : diskBlobs(path.join(folder, 'blobs'))
  const allowPrivate = Boolean(env.PLAINVIEW_ALLOW_PRIVATE_NETWORK)
  const jobs = await startJobs(database.app, log)
  const installation: Installation = {
    db,
    policy: await loadPolicy(path.resolve(root, env.PLAINVIEW_POLICY ?? 'policy/4.37')),
    blobs,
    jobs,
    platforms: createPlatforms({ db, blobs, allowPrivate }),
    secrets,
    folder,
    auth: createAuth({ db, pool, baseUrl, secrets, secondFactor: !demo }),
    logKey,
    outgoing: outgoing({ allowPrivate }),
    log,
    baseUrl,
    now: () => new Date(),
  }
  if (demo && !(await departmentProfile(db))) {
    console.log(
      'Filling the demonstration: a town’s department with four months behind it. This takes a minute.',
    )
    await fill(installation)
  }
  await registerPageJobs(installation)
  await registerPostJobs(installation)
  await registerCommentJobs(installation)
  await registerRequestJobs(installation, { folder: path.join(folder, 'productions') })
  await registerImportJobs(installation)
  await jobs.every('log.sequence', 1, async () => {
    await sequence(db, logKey)
  })
  await registerAttestationJobs(installation)

  const bundle: ServerBuild = await import(pathToFileURL(path.join(root, 'build/server/index.js')).href)
  const server = await listen(site(installation, bundle), port, env.PLAINVIEW_HOST ?? '127.0.0.1')
  console.log(`Plainview is at ${baseUrl}`)
  const token = await issueSetUpLink(installation)
  if (token) console.log(`Set it up here (the link works once, for a day): ${baseUrl}/set-up/${token}`)

  if (demo) {
    console.log(`Sign in with the password “${demoPassword}” as one of these:`)
    for (const one of demoPeople) console.log(`  ${one.email}  (${one.title})`)
  }

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await server.stop()
    await jobs.stop()
    await db.destroy()
    await database.stop?.()
    await release()
    process.exit(0)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

/** Two processes on one data folder would fight over its database: the second one says so and ends. */
async function claim(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'plainview.pid')
  const other = Number(await readFile(file, 'utf8').catch(() => ''))
  if (other && other !== process.pid && (await isPlainview(other))) {
    console.error(
      `Plainview already runs on ${folder} (process ${other}). Stop it first, or set PLAINVIEW_DATA to another folder.`,
    )
    process.exit(1)
  }
  await writeFile(file, String(process.pid))
  return () => rm(file, { force: true })
}

async function isPlainview(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // The number may have been given to another program since; where /proc exists, we look.
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'start.ts')).includes('start.ts')
}

/** What a file holds, made once and readable by this user only. */
async function kept<Value>(file: string, make: () => string, read: (text: string) => Value): Promise<Value> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text !== null) return read(text.trimEnd())
  const made = make()
  await writeFile(file, made, { mode: 0o600, flag: 'wx' })
  return read(made)
}

/**
 * A PostgreSQL of the department's own. DATABASE_URL is its owner, who migrates; the application connects as
 * plainview_app, with a password of ours.
 */
async function elsewhere(owner: string, secrets: Secrets): Promise<DatabaseUrls> {
  const client = new pg.Client({ connectionString: owner })
  await client.connect()
  try {
    const password = secrets.derive('database')
    const { rowCount } = await client.query("select from pg_roles where rolname = 'plainview_app'")
    if (rowCount === 0) await client.query('create role plainview_app login')
    await client.query(`alter role plainview_app password ${client.escapeLiteral(password)}`)
    return { owner, app: Object.assign(new URL(owner), { username: 'plainview_app', password }).href }
  } finally {
    await client.end()
  }
}
