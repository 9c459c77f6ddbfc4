import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import autocannon from 'autocannon'
import { runningEmbedded } from '../src/storage/embedded.ts'
import { type Ground, openInstallation } from './ground.ts'
import { count, median, ms, percent, type Row } from './row.ts'
import { processorSeconds, type Server, startServer } from './server.ts'
import { townOf } from './town.ts'

/** A whole town opens the department's page while the department keeps posting to it. */
export const rush: Row = {
  name: 'rush',
  async measure(ground: Ground) {
    const seconds = ground.quick ? 3 : 10
    await ground.rest()
    const server = await startServer(ground, 'src/web/start.ts', '/news')
    const page = `${server.url}/news`
    const before = await body(page)
    // The updates come from a process beside the server, as they do where several share a database.
    const beside = await openInstallation(ground.folder, (await runningEmbedded(ground.folder)) ?? '')
    try {
      await load(server, 1)
      const alone = await load(server, seconds)
      const watching = watch(page)
      const loading = load(server, seconds)
      const town = await townOf(beside.installation)
      const delays: number[] = []
      for (let n = 1; n <= (ground.quick ? 3 : 8); n++) {
        const word = `Update ${n} of ${Date.now()}`
        await town.publishPost(await town.approvedPost(`The storm shelter at the school is open. ${word}.`))
        delays.push(await watching.delayUntil(word, performance.now()))
        await pause(150)
      }
      const { stale } = await watching.stop()
      const busy = await loading
      await server.stop()

      const file = path.join(ground.folder, 'page.html')
      await writeFile(file, before)
      const bare = await bareServer(ground, file, seconds)
      const slowest = Math.max(...delays)
      return [
        {
          what: `public page under a rush, ${count(before.length / 1024)} KiB, 100 connections`,
          measured: `${count(alone.aCore)} requests/s a core (${count(alone.aSecond)}/s in all)`,
          target: '≥ 5,000 a core',
          reference: `Node’s bare server, the same bytes: ${count(bare.aCore)} a core; we reach ${percent(alone.aCore / bare.aCore)}`,
          met: alone.aCore >= 5000,
        },
        {
          what: `an update from another process during the rush (${count(busy.aSecond)} requests/s)`,
          measured: `on the page after ${ms(slowest)} at the latest, ${ms(median(delays))} at the median; ${stale} answers older than a second`,
          target: 'correct within 1 s',
          reference: 'without a cache: at once',
          met: stale === 0 && slowest <= 1000,
        },
      ]
    } finally {
      await beside.end()
      await server.stop()
    }
  },
}

const body = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())

/** Requests as many as a hundred connections can make. A core is a second of the server process's own time. */
async function load({ url, child }: Pick<Server, 'url' | 'child'>, seconds: number) {
  const before = await processorSeconds(child)
  const result = await autocannon({ url: `${url}/news`, connections: 100, duration: seconds, workers: 1 })
  const used = (await processorSeconds(child)) - before
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers were refusals, ${result.errors} requests failed.`)
  return { aSecond: result.requests.average, aCore: result.requests.total / used }
}

async function bareServer(ground: Ground, file: string, seconds: number) {
  const server = await startServer(ground, 'bench/bare-server.child.ts', '/', [file])
  try {
    await load(server, 1)
    return await load(server, seconds)
  } finally {
    await server.stop()
  }
}

/** Looks at the page again and again, as one visitor among many. */
function watch(page: string) {
  const expected: { word: string; since: number; seen: number | null }[] = []
  let going = true
  let stale = 0
  const looking = (async () => {
    while (going) {
      const asked = performance.now()
      const text = (await body(page)).toString()
      for (const one of expected) {
        if (text.includes(one.word)) one.seen ??= performance.now()
        else if (asked - one.since >= 1000) stale += 1
      }
      await pause(10)
    }
  })()
  return {
    /** Milliseconds after `since` until a look at the page shows the word. */
    async delayUntil(word: string, since: number): Promise<number> {
      const one = { word, since, seen: null as number | null }
      expected.push(one)
      while (one.seen === null) {
        if (performance.now() - since > 10_000) throw new Error('The update never came to the page.')
        await pause(2)
      }
      return one.seen - since
    },
    async stop() {
      going = false
      await looking
      return { stale }
    },
  }
}
