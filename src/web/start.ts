import { randomBytes } from 'node:crypto'
import { access, constants, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Logger } from 'pino'
import type { ServerBuild } from 'react-router'
import {
  checkSavedSearches,
  registerAttestationJobs,
  registerReadingJobs,
  sequence,
} from '../archive/archive.ts'
import { openLogKey } from '../archive/key-file.ts'
import { findBrowser, registerCaptureJobs } from '../captures/captures.ts'
import { registerCommentJobs } from '../comments/comments.ts'
import { fill } from '../demo/fill.ts'
import { demoPassword, people as demoPeople } from '../demo/people.ts'
import { pourStorm } from '../demo/storm.ts'
import { createAuth, departmentProfile, issueSetUpLink } from '../department/department.ts'
import { registerImportJobs } from '../imports/imports.ts'
import type { Installation } from '../installation.ts'
import { registerPageJobs } from '../pages/pages.ts'
import { outgoing } from '../platforms/outgoing.ts'
import { createPlatforms } from '../platforms/platforms.ts'
import { loadPolicy } from '../policy/policy.ts'
import { registerPostJobs } from '../posts/posts.ts'
import { registerRequestJobs } from '../requests/requests.ts'
import { installSeries, registerRetentionJobs } from '../retention/retention.ts'
import { readSettings, type Settings } from '../settings.ts'
import type { Blobs } from '../storage/blobs.ts'
import { CannotStart, codeOf } from '../storage/cannot-start.ts'
import { openDatabase } from '../storage/database.ts'
import { diskBlobs } from '../storage/disk-blobs.ts'
import { type DatabaseUrls, startEmbedded } from '../storage/embedded.ts'
import { connectExternal } from '../storage/external.ts'
import { grantJobs } from '../storage/grant-jobs.ts'
import { keptFile } from '../storage/kept-file.ts'
import { migrate } from '../storage/migrate.ts'
import { prepareJobs, startJobs } from '../storage/pg-boss-jobs.ts'
import type { S3Place } from '../storage/s3-blobs.ts'
import { secretsWith } from '../storage/secrets.ts'
import { openSuggester } from '../suggestions/suggestions.ts'
import { claim } from './claim.ts'
import { openLog } from './log.ts'
import { listen, site } from './server.ts'

const root = path.join(import.meta.dirname, '../..')
const demo = process.argv.includes('--demo')
/** Room on the disk that files leave alone, so that the database can go on and say what is wrong. */
const diskReserve = 64_000_000

/** What has been started, newest last: it is stopped in the opposite order. */
const started: (() => Promise<unknown>)[] = []
let log: Logger | null = null
let ending = false

process.on('SIGINT', () => end(0))
process.on('SIGTERM', () => end(0))
await start(process.env).catch(async (error) => {
  log?.fatal({ err: error }, 'could not start')
  console.error(
    error instanceof CannotStart
      ? error.message
      : `Plainview could not start: ${[error, error.cause].flatMap((one) => one?.message ?? []).join(' ')}`,
  )
  await end(1)
})

/** Brings up one process of Plainview: database, jobs and site. */
async function start(env: NodeJS.ProcessEnv) {
  const settings = readSettings(env, { demo })
  const { folder, baseUrl } = settings
  await usable(folder)
  started.push(await claim(folder))
  log = openLog(path.join(folder, 'plainview.log'), settings.logLevel)
  const installation = await open(settings, log)
  const { db, jobs, logKey } = installation

  if (demo && !(await departmentProfile(db))) {
    console.log(
      'Filling the demonstration: a town’s department with four months behind it. This takes a minute.',
    )
    await fill(installation)
  }
  if (demo && process.argv.includes('--storm')) {
    const comments = await pourStorm(installation)
    if (comments > 0) console.log(`A video goes round: ${comments} comments wait for the moderators.`)
  }
  await registerPageJobs(installation)
  await registerPostJobs(installation)
  await registerCommentJobs(installation)
  await registerRequestJobs(installation, { folder: path.join(folder, 'productions') })
  await registerCaptureJobs(installation, { folder: path.join(folder, 'captures') })
  await registerImportJobs(installation, settings.importGigabytes)
  await registerRetentionJobs(installation)
  await jobs.every('log.sequence', 1, async () => {
    await sequence(db, logKey)
  })
  await jobs.every('archive.searches', 60, () => checkSavedSearches(db, installation.now()))
  await registerReadingJobs(installation)
  await registerAttestationJobs(installation)

  const bundle: ServerBuild = await import(pathToFileURL(path.join(root, 'build/server/index.js')).href)
  const server = await listen(site(installation, bundle, settings), settings)
  started.push(server.stop)
  console.log(`Plainview is at ${baseUrl}`)
  const token = await issueSetUpLink(installation)
  if (token) console.log(`Set it up here (the link works once, for a day): ${baseUrl}/set-up/${token}`)

  if (demo) {
    console.log(`Sign in with the password “${demoPassword}” as one of these:`)
    for (const one of demoPeople) console.log(`  ${one.email}  (${one.title})`)
  }
}

/** Everything an installation consists of, from its settings. */
async function open(settings: Settings, log: Logger): Promise<Installation> {
  const { folder, baseUrl } = settings
  const secrets = secretsWith(
    await keptFile(path.join(folder, 'master-key'), () => randomBytes(32).toString('hex'), readMasterKey),
  )
  const logKey = await openLogKey(folder, `${new URL(baseUrl).host}/log`)
  const policy = await loadPolicy(settings.policy)
  const bucketBlobs = settings.s3 && (await bucketAt(settings.s3))

  const database: DatabaseUrls & { stop?: () => Promise<void> } = settings.databaseUrl
    ? await connectExternal(settings.databaseUrl, secrets)
    : await startEmbedded(folder, (line) => log.info({ line }, 'postgres'))
  if (database.stop) started.push(database.stop)
  await migrate(database.owner)
  await prepareJobs(database.owner, log)
  await grantJobs(database.owner)
  await installSeries(database.owner, policy.retention)
  const { db, pool } = openDatabase(database.app)
  started.push(() => db.destroy())
  const blobs = bucketBlobs ?? diskBlobs(path.join(folder, 'blobs'), { reserve: diskReserve })
  const allowPrivate = settings.allowPrivateNetwork
  const jobs = await startJobs(database.app, log, { onlyProcess: !settings.databaseUrl })
  started.push(jobs.stop)
  return {
    db,
    policy,
    suggester: openSuggester(policy, path.join(root, 'src/suggestions/models')),
    blobs,
    jobs,
    platforms: createPlatforms({ db, blobs, allowPrivate }),
    secrets,
    folder,
    auth: createAuth({ db, pool, baseUrl, secrets, secondFactor: !demo }),
    logKey,
    outgoing: outgoing({ allowPrivate }),
    allowPrivate,
    browser: await findBrowser(settings.chromium),
    log,
    baseUrl,
    now: () => new Date(),
  }
}

/** The blobs in a store that has answered. Its library is loaded only where there is such a store. */
async function bucketAt(place: S3Place): Promise<Blobs> {
  const { reachBucket, s3Blobs } = await import('../storage/s3-blobs.ts')
  await reachBucket(place)
  return s3Blobs(place)
}

function readMasterKey(text: string): Buffer {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('A master key is 64 hexadecimal digits.')
  return Buffer.from(text, 'hex')
}

/** The data folder must be there and ours to write in. */
async function usable(folder: string) {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new CannotStart(
      `The data folder ${folder} can’t be used (${codeOf(error)}). Make it, let this user write in it, or set PLAINVIEW_DATA to another folder.`,
      { cause: error },
    )
  }
}

/** Ends what was started, in order: first no new requests, the database last. */
async function end(code: number) {
  // A terminal's Ctrl-C comes twice: from the terminal, and from the program that started us.
  if (ending) return
  ending = true
  for (let stop = started.pop(); stop; stop = started.pop())
    await stop().catch((error) => {
      log?.error({ err: error }, 'could not be stopped in order')
      code = 1
    })
  process.exit(code)
}
