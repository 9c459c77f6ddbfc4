import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

export const root = path.join(import.meta.dirname, '../..')

export interface RunningPlainview {
  url: string
  /** The link of the first run, as it was printed. */
  setUpLink: string
  /** Its data folder. */
  folder: string
  stop(): Promise<void>
}

/** Starts on an empty folder what `npm start` starts, and waits until it has said where it is. bin/test.js has built the screens. */
export async function startPlainview(env: Record<string, string> = {}): Promise<RunningPlainview> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-browser-'))
  const child = spawn(process.execPath, ['src/web/start.ts'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PLAINVIEW_DATA: folder,
      PORT: String(await freePort()),
      ...env,
    },
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    said += `${line}\n`
    url ||= /^Plainview is at (\S+)/.exec(line)?.[1] ?? ''
    const setUpLink = /(\S+\/set-up\/\S+)/.exec(line)?.[1]
    if (url && setUpLink) {
      child.stdout.resume()
      return { url, setUpLink, folder, stop }
    }
  }
  await stop()
  throw new Error(`Plainview ended before it said where it is:\n${said}`)
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (!address || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}
