import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { errors, type Frame, type Page } from 'playwright-core'
import { onTestFinished } from 'vitest'

const built = path.join(import.meta.dirname, '../replaywebpage/node_modules/replaywebpage')

/**
 * Opens a web archive in the real ReplayWeb.page, from a server of its own without a network, at the page `url` in it.
 * Answers with the frame in which that page is replayed.
 */
export async function replay(page: Page, wacz: string, url: string): Promise<Frame> {
  const files: Record<string, [mediaType: string, content: Buffer]> = {
    '/start': ['text/html', Buffer.from('<!doctype html><title>Start</title>')],
    '/': ['text/html', Buffer.from(viewer(url))],
    '/ui.js': ['text/javascript', await readFile(path.join(built, 'ui.js'))],
    '/replay/sw.js': ['text/javascript', await readFile(path.join(built, 'sw.js'))],
    '/capture.wacz': ['application/wacz', await readFile(wacz)],
  }
  const server = createServer((request, response) => {
    const file = files[new URL(request.url ?? '', 'http://replay').pathname]
    if (file) return answer(request, response, ...file)
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  await page.goto(`http://127.0.0.1:${port}/start`)
  await page.evaluate(readyToServe)
  await page.goto(`http://127.0.0.1:${port}/`)
  const isReplayed = (frame: Frame) => frame.url().includes(`mp_/${url}`)
  const found = page.frames().find(isReplayed)
  if (found) return found
  for (;;) {
    const frame = await page.waitForEvent('framenavigated').catch((error: Error) => {
      if (error instanceof errors.TimeoutError) throw new Error(`ReplayWeb.page never showed ${url}.`)
      throw error
    })
    if (isReplayed(frame)) return frame
  }
}

/** Its service worker has to be at work before it is needed: the viewer reloads three times for it, and then gives up. */
async function readyToServe() {
  const { installing, waiting, active } = await navigator.serviceWorker.register(
    '/replay/sw.js?serveIndex=1',
    { scope: '/replay/' },
  )
  const worker = installing ?? waiting ?? active
  await new Promise<void>((resolve) => {
    const look = () => worker?.state === 'activated' && resolve()
    worker?.addEventListener('statechange', look)
    look()
  })
}

const viewer = (url: string) => `<!doctype html>
<title>Replay</title>
<script src="/ui.js"></script>
<replay-web-page style="display: block; height: 800px" source="/capture.wacz" url="${url}" replayBase="/replay/" embed="default"></replay-web-page>`

/** Whole, or the part that is asked for: it reads a ZIP file from its end. */
function answer(request: IncomingMessage, response: ServerResponse, mediaType: string, content: Buffer) {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const headers = { 'Content-Type': mediaType, 'Accept-Ranges': 'bytes' }
  if (!from && !to)
    return response.writeHead(200, { ...headers, 'Content-Length': content.length }).end(content)
  const begin = from ? Number(from) : content.length - Number(to)
  const end = from && to ? Math.min(Number(to), content.length - 1) : content.length - 1
  response
    .writeHead(206, { ...headers, 'Content-Range': `bytes ${begin}-${end}/${content.length}` })
    .end(content.subarray(begin, end + 1))
}
