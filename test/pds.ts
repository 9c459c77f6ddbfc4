import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'

export interface TestPds {
  url: string
  accounts: { handle: string; password: string; did: string }[]
  stop(): Promise<void>
}

/** Starts a real PDS with two accounts. bin/test.js has installed it. */
export async function startPds(): Promise<TestPds> {
  const folder = path.join(import.meta.dirname, 'pds')
  const child: ChildProcess = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'test', LOG_ENABLED: 'false' },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  for await (const line of lines) {
    if (!line.startsWith('{"url"')) continue
    const { url, accounts } = JSON.parse(line)
    return {
      url,
      accounts,
      async stop() {
        child.stdin?.end()
        await ended
      },
    }
  }
  throw new Error('The PDS ended before it said where it is.')
}
