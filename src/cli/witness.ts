import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import path from 'node:path'
import {
  generateKey,
  keyTypes,
  type NoteKey,
  readLogKey,
  readVerifier,
  writeLogKey,
} from '../archive/note.ts'
import { createWitness, type Witness, type WitnessMemory } from '../archive/witness.ts'

/**
 * A witness of other departments' logs, for anyone who wants to run one: a folder with its key, the list of the logs
 * (`logs.txt`, one public key a line) and the newest checkpoint of each. It needs no database.
 */
export async function openWitness(
  folder: string,
  name: string,
  now: () => Date,
): Promise<{ witness: Witness; key: NoteKey }> {
  await mkdir(path.join(folder, 'seen'), { recursive: true })
  await claim(path.join(folder, 'witness.pid'))
  const key = await witnessKey(path.join(folder, 'witness-key'), name)
  const logs = async () => readLogs((await read(path.join(folder, 'logs.txt'))) ?? '')
  return { key, witness: createWitness({ key, logs, memory: folderMemory(path.join(folder, 'seen')), now }) }
}

/** Two processes on one folder could each sign another branch of a log: the second one ends. */
async function claim(file: string) {
  const other = Number((await read(file)) ?? '')
  if (other && other !== process.pid && isAlive(other))
    throw new Error(
      `Another witness runs on this folder (process ${other}). Stop it first, or use another folder.`,
    )
  await writeFile(file, String(process.pid))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** The verifiers in a list of logs, one a line; empty lines and those that begin with # say nothing. */
export function readLogs(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim())
  const verifiers = lines.filter((line) => line !== '' && !line.startsWith('#'))
  const wrong = verifiers.find((line) => !readVerifier(line))
  if (wrong !== undefined) throw new Error(`logs.txt: this is no public key of a log: ${wrong.slice(0, 80)}`)
  return verifiers
}

async function witnessKey(file: string, name: string): Promise<NoteKey> {
  const kept = await read(file)
  if (kept !== null) return readLogKey(kept.trimEnd(), keyTypes.witness)
  const key = generateKey(name, keyTypes.witness)
  await durably(file, writeLogKey(key), 0o600)
  return key
}

/** One file a log, replaced in one step. What was signed is on the disk before anybody is told. */
export function folderMemory(folder: string): WitnessMemory {
  const file = (origin: string) => path.join(folder, createHash('sha256').update(origin).digest('hex'))
  return {
    read: (origin) => read(file(origin)),
    write: (origin, note) => durably(file(origin), note, 0o644),
  }
}

async function read(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

async function durably(file: string, text: string, mode: number) {
  const beside = `${file}.${randomBytes(4).toString('hex')}.new`
  const handle = await open(beside, 'wx', mode)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(beside, file)
  const folder = await open(path.dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}

const longestBody = 64_000

/** The witness over HTTP, on whatever path a proxy puts before `add-checkpoint` and `HASH/checkpoint`. */
export function witnessServer(witness: Witness, problem: (error: unknown) => void): Server {
  return createServer(async (request, response) => {
    try {
      const reply = await answer(witness, request)
      response.writeHead(reply.status, { 'Content-Type': reply.type }).end(reply.body)
    } catch (error) {
      problem(error)
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end('The witness can’t answer now.\n')
    }
  })
}

async function answer(witness: Witness, request: IncomingMessage) {
  const address = new URL(request.url ?? '/', 'http://witness').pathname
  const plain = (status: number, body: string) => ({ status, type: 'text/plain; charset=utf-8', body })
  const hash = /\/([0-9a-f]{64})\/checkpoint$/.exec(address)?.[1]
  if (hash && request.method === 'GET') return witness.checkpoint(hash)
  if (!address.endsWith('/add-checkpoint')) return plain(404, 'Nothing is here.\n')
  if (request.method !== 'POST') return plain(405, 'Send a checkpoint with POST.\n')
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > longestBody) return plain(413, 'This is too long for a checkpoint.\n')
    pieces.push(piece)
  }
  return witness.addCheckpoint(Buffer.concat(pieces).toString('utf8'))
}

const hint =
  'Say where it keeps what it knows, and its name: plainview witness FOLDER --name witness.library.example/millbrook [--port 4380] [--host 127.0.0.1]'

/** `plainview witness`: serves until it is stopped. */
export async function runWitness(
  folder: string | undefined,
  options: Readonly<Record<string, string>>,
): Promise<number> {
  const { name, port = '4380', host = '127.0.0.1' } = options
  if (!folder || !name || !/^[^\s+]+$/.test(name) || !/^\d{1,5}$/.test(port)) {
    console.error(hint)
    return 2
  }
  const { witness, key } = await openWitness(folder, name, () => new Date()).catch((error: Error) => {
    console.error(error.message)
    return { witness: null, key: null }
  })
  if (!witness || !key) return 1
  if (key.name !== name) {
    console.error(
      `The key in this folder is called ${key.name}. A witness keeps its name; for another one use another folder.`,
    )
    return 1
  }
  const server = witnessServer(witness, (error) => console.error(error))
  const trouble = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve)
    server.listen(Number(port), host, () => resolve(null))
  })
  if (trouble) {
    console.error(
      trouble.code === 'EADDRINUSE'
        ? `Something else listens on port ${port}. Choose another one: --port 4381`
        : `The witness can’t listen on ${host}, port ${port}: ${trouble.message}`,
    )
    return 1
  }
  console.log(
    `The witness ${key.name} answers at http://${host}:${port}/. Its public key, for those it watches:`,
  )
  console.log(key.verifier)
  console.log(
    `Put the public keys of the logs to watch into ${path.join(folder, 'logs.txt')}, one a line. It is read anew each time.`,
  )
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close(() => resolve()))
  })
  return 0
}
