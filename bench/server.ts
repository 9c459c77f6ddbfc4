import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Ground } from './ground.ts'

/** A running server of the kind that `npm start` brings up. */
export interface Server {
  url: string
  child: ChildProcess
  /** Milliseconds from its start to the first page. */
  firstPage: number
  stop(): Promise<void>
}

/** Starts `file` on the ground's data folder and waits until `path` is answered. */
export async function startServer(
  ground: Ground,
  file: string,
  path: string,
  words: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Server> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const began = performance.now()
  const child = ground.run(file, words, {
    ...env,
    PLAINVIEW_DATA: ground.folder,
    PORT: String(port),
    PLAINVIEW_URL: url,
  })
  child.stdout?.resume()
  let ended = false
  child.once('exit', () => {
    ended = true
  })
  while (!(await answers(url + path))) {
    if (ended) throw new Error(`${file} ended before it answered.`)
    await pause(5)
  }
  const firstPage = performance.now() - began
  return {
    url,
    child,
    firstPage,
    async stop() {
      if (ended) return
      child.kill('SIGTERM')
      await once(child, 'exit')
    },
  }
}

const answers = (url: string) =>
  fetch(url).then(
    async (response) => {
      await response.arrayBuffer()
      return response.ok
    },
    () => false,
  )

async function freePort(): Promise<number> {
  const probe = net.createServer()
  await new Promise<void>((resolve) => probe.listen(0, resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Seconds of processor time that a process has taken; on Linux, where /proc counts it in hundredths. */
export async function processorSeconds({ pid }: ChildProcess): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
