import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sequence, verify, warcOnDisk, writeWacz } from '../../src/archive/archive.ts'
import { readFiles } from '../../src/archive/reading.job.ts'
import { queueOrders } from '../../src/captures/capture.job.ts'
import { findBrowser, registerCaptureJobs } from '../../src/captures/captures.ts'
import { type Limits, usualLimits } from '../../src/captures/limits.ts'
import { captureQueue, placesOf } from '../../src/captures/order.ts'
import { takePicture } from '../../src/captures/picture.ts'
import { capture } from '../../src/cli/capture.ts'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { scratchFolder } from '../endings.ts'
import { expectForEverybody } from './audit.ts'
import { useChromium } from './chromium.ts'
import { fill, follow, onScreen, press } from './forms.ts'
import { replay } from './replay-web-page.ts'
import { servedInstallation } from './site.ts'
import { signInAs } from './town-people.ts'

const found = await findBrowser(process.env.PLAINVIEW_CHROMIUM ?? null)
const browserPath = 'path' in found ? found.path : ''

describe('a page of the department', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl, db } = town
  // As in production: the department's own pages may be on this machine, and nothing else of it is reached.
  town.allowPrivate = false
  let officer: Page
  let wacz: string

  beforeAll(async () => {
    await fillTown(town, { posts: 6, comments: 30 })
    await registerCaptureJobs(town, { folder: await scratchFolder() })
    officer = await chromium.someone()
    await signInAs(officer, baseUrl, 'records')
    await onScreen(officer, 'Today')
  })

  test('is captured as seen: asked for, shown with its picture, and in the archive', async () => {
    const { id, title } = await db
      .selectFrom('page')
      .select(['id', 'title'])
      .where('slug', '=', 'news')
      .executeTakeFirstOrThrow()
    await officer.goto(`${baseUrl}/console/pages/${id}`)
    await follow(officer, 'Capture as seen')
    await fill(officer, { 'Why (optional)': 'Asked for by request 2026-0007.' })
    await press(officer, 'Capture it')
    await officer.getByText('Waiting to begin', { exact: true }).waitFor()
    expect(await town.jobs.run(captureQueue)).toBe(1)
    await officer.getByText('Captured', { exact: true }).waitFor()
    const picture = officer.getByRole('img', { name: `Screenshot of ${title}` })
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1280)
    await sequence(db, town.logKey)
    await expectForEverybody(officer)
    await follow(officer, 'Its record')
    await onScreen(officer, 'Page captured as it was seen')
    await expectForEverybody(officer)
    await officer.getByText('Asked for by request 2026-0007.', { exact: true }).waitFor()
    await readFiles(town, async () => ({ read: async () => 'Read by a machine', close: async () => {} }))
    await officer.reload()
    await officer.getByText('What a machine read in the screenshot').click()
    await officer.getByText(/may be wrong, and is no part of the record/).waitFor()
    await officer.getByText('Read by a machine', { exact: true }).waitFor()
  })

  test('is captured by the operator on the command line, who gets the file with its proof', async () => {
    const { url } = await db
      .selectFrom('publication')
      .select('url')
      .where('url', 'is not', null)
      .executeTakeFirstOrThrow()
    const out = path.join(await scratchFolder(), 'post.wacz')
    const capturing = capture(town, { address: url ?? '', reason: '', out })
    const work = async () => {
      await queueOrders(town)
      return town.jobs.run(captureQueue)
    }
    await expect.poll(work, { timeout: 30_000 }).toBe(1)
    await sequence(db, town.logKey)
    expect(await capturing).toBe(0)
    const trust = { key: town.logKey.verifier, rotations: [], ca: '', witnesses: [] }
    expect(await verify(out, { trust })).toMatchObject({ genuine: true })
    expect(await capture(town, { address: url ?? '', reason: '', out })).toBe(1)
  })

  test('a comment is captured at the address where it stands by itself, however many came after it', async () => {
    const comment = await db
      .selectFrom('comment')
      .select(['id', 'text'])
      .whereRef('thread', '=', 'id')
      .where('state', '=', 'shown')
      .where('url', 'is', null)
      .orderBy('posted_at')
      .executeTakeFirstOrThrow()
    const [place] = (await placesOf(town, { kind: 'comment', id: comment.id })) ?? []
    expect(place?.address).toMatch(new RegExp(`/comments/${comment.id}$`))
    const reader = await chromium.someone()
    expect((await reader.goto(place?.address ?? ''))?.status()).toBe(200)
    await reader.getByText(comment.text).first().waitFor()
  })

  test('its file is genuine, and names the log that its record stands in', async () => {
    const [download] = await Promise.all([
      officer.waitForEvent('download'),
      follow(officer, 'Download the capture with its proof (WACZ)'),
    ])
    wacz = path.join(await scratchFolder(), 'capture.wacz')
    await download.saveAs(wacz)
    const trust = { key: town.logKey.verifier, rotations: [], ca: '', witnesses: [] }
    expect(await verify(wacz, { trust })).toMatchObject({
      genuine: true,
      lines: expect.arrayContaining([
        expect.stringMatching(/^Genuine: the record of this capture is number \d+ of the log/),
      ]),
    })
  })

  test('it opens in ReplayWeb.page, without the site that it came from, with its words and its styles', async () => {
    const page = await (await chromium.someone()).context().newPage()
    const asked: string[] = []
    page.context().on('request', (request) => asked.push(request.url()))
    const frame = await replay(page, wacz, `${baseUrl}/news`)
    const { words } = await db
      .selectFrom('record')
      .select('words')
      .where('kind', '=', 'capture.page')
      .executeTakeFirstOrThrow()
    const sentence = words.split('\n').find((line) => line.length > 60) ?? ''
    await frame.getByText(sentence.slice(0, 60)).first().waitFor()
    // Words are there before the last style sheet is.
    await expect
      .poll(() => frame.evaluate(() => getComputedStyle(document.body).fontFamily))
      .toMatch(/Public Sans|Source Sans/)
    expect(asked.filter((url) => url.startsWith(`${baseUrl}/`))).toEqual([])
  })
})

describe('a page elsewhere', async () => {
  const chromium = useChromium()
  const red = await sharp({ create: { width: 300, height: 120, channels: 3, background: '#c00' } })
    .png()
    .toBuffer()
  const inside = await listening((_, response) => response.end('a secret of the own network'))
  const site = await listening((request, response) => {
    const [mediaType, content, fields = {}] = pages(inside.origin, red)[request.url ?? ''] ?? ['', '']
    response.writeHead(mediaType ? (fields.Location ? 302 : 200) : 404, {
      'Content-Type': mediaType,
      ...fields,
    })
    if (request.url !== '/endless')
      response.end(mediaType || request.url === '/empty' ? content : 'Nothing is here')
  })
  const take = async (place: string, limits: Partial<Limits> = {}) =>
    takePicture(browserPath, `${site.origin}${place}`, {
      folder: await scratchFolder(),
      allowPrivate: false,
      own: site.origin,
      limits: { ...usualLimits, ...limits },
      now: () => new Date(),
    })

  test('is replayed with what it loaded by itself: packed text, pictures seen only below, an answer to a form', async () => {
    const picture = await take('/')
    expect(picture).toMatchObject({ title: 'Hollow Pond', status: 200, gaps: [], cutShort: null })
    expect(picture.text).toContain('Closed from Monday — the ice is thin')
    const wacz = path.join(await scratchFolder(), 'elsewhere.wacz')
    const { url, at, title, text } = picture
    await writeWacz(wacz, {
      ...{ title, description: '', created: at, main: { url, at } },
      warcs: [warcOnDisk('data.warc.gz', picture.warc)],
      pages: [{ id: '1', url, at, title, text }],
    })
    await site.stop()
    const frame = await replay(await chromium.someone(), wacz, url)
    await frame.getByText('Closed from Monday — the ice is thin').waitFor()
    await frame.getByText('Three people answered').waitFor()
    const below = frame.getByRole('img', { name: 'The pond from above' })
    await below.scrollIntoViewIfNeeded()
    const width = () => below.evaluate((img: HTMLImageElement) => img.naturalWidth)
    await expect.poll(width).toBe(300)
    await site.start()
  })

  test('never leads a browser into the own network, by whichever way', async () => {
    const { gaps, text } = await take('/hostile')
    const refused = gaps
      .filter(({ because }) => because.includes('own network'))
      .map(({ url }) => new URL(url))
    const ways = refused.map(({ pathname }) => pathname.slice(1)).sort()
    expect(ways).toEqual(['fetch', 'frame', 'image', 'name', 'popup', 'redirect', 'worker'])
    expect(text).not.toContain('secret')
    expect(inside.asked).toEqual([])
  })

  test('never shows a file of the machine that captures', async () => {
    const shown = takePicture(browserPath, 'file:///etc/hostname', {
      ...{ folder: await scratchFolder(), allowPrivate: true, own: null, now: () => new Date() },
    })
    await expect(shown).rejects.toThrow(/no page of the web/)
  })

  test('that is itself in the own network is not captured, and the reason says who can allow it', async () => {
    const into = takePicture(browserPath, `${inside.origin}/`, {
      ...{ folder: await scratchFolder(), allowPrivate: false, own: null, now: () => new Date() },
    })
    await expect(into).rejects.toThrow(/own network.*PLAINVIEW_ALLOW_PRIVATE_NETWORK/)
    await expect(take('/away')).rejects.toThrow(/own network/)
    await expect(take('/away-later')).rejects.toThrow(/own network/)
    expect(inside.asked).toEqual([])
  })

  test('that is missing is captured as missing; a file, and a name that nobody has, are not', async () => {
    expect(await take('/nothing')).toMatchObject({ status: 404, text: 'Nothing is here' })
    await expect(take('/empty')).rejects.toThrow(/answered 404, without a page/)
    await expect(take('/file')).rejects.toThrow(/file for downloading/)
    await expect(take('/bomb')).rejects.toThrow(/can’t be unpacked/)
    const nowhere = takePicture(browserPath, 'http://nobody.invalid/', {
      ...{ folder: await scratchFolder(), allowPrivate: false, own: null, now: () => new Date() },
    })
    await expect(nowhere).rejects.toThrow(/no site of this name/)
  })

  test('that loads without end is captured as far as it goes, and the record says so', async () => {
    const picture = await take('/slow', { seconds: 6 })
    expect(picture.cutShort).toMatch(/still loading/)
    expect(picture.text).toContain('It began')
    await expect(take('/busy', { seconds: 6, pictureSeconds: 2 })).rejects.toThrow(/busy without end/)
    const many = await take('/many', { requests: 5 })
    expect(many.gaps.map(({ because }) => because)).toContain('After 5 requests no more was loaded.')
    const large = await take('/large', { answerBytes: 10_000 })
    expect(large.gaps).toEqual([
      { url: `${site.origin}/large.png`, because: expect.stringMatching(/longer than/) },
    ])
  })
})

type Answer = [mediaType: string, content: string | Buffer, fields?: Record<string, string>]

const pages = (inside: string, red: Buffer): Record<string, Answer> => {
  const { port } = new URL(inside)
  return {
    '/': [
      'text/html; charset=utf-8',
      gzipSync(`<!doctype html><title>Hollow Pond</title><h1>Closed from Monday — the ice is thin</h1>
        <img src="/red.png" alt="A sign"><p id="count"></p><div style="height: 4000px"></div>
        <img src="/below.png" alt="The pond from above" loading="lazy">
        <script>fetch('/count', { method: 'POST', body: new URLSearchParams({ of: 'pond' }) })
          .then((answer) => answer.json()).then(({ words }) => { count.textContent = words })</script>`),
      { 'Content-Encoding': 'gzip' },
    ],
    '/red.png': ['image/png', red],
    '/below.png': ['image/png', red],
    '/count': ['application/json', '{"words":"Three people answered"}'],
    '/hostile': [
      'text/html',
      `<title>Hostile</title><img src="${inside}/image"><img src="http://localhost:${port}/name">
        <img src="/redirect"><iframe src="${inside}/frame"></iframe><link rel="preconnect" href="${inside}">
        <script>fetch('${inside}/fetch', { mode: 'no-cors' }).catch(() => {})
          new Worker('/worker.js')
          new WebSocket('${inside.replace('http', 'ws')}/socket')
          open('${inside}/popup')</script>`,
    ],
    '/redirect': ['text/html', '', { Location: `${inside}/redirect` }],
    '/worker.js': ['text/javascript', `fetch('${inside}/worker', { mode: 'no-cors' }).catch(() => {})`],
    '/away-later': ['text/html', `<meta http-equiv="refresh" content="0; url=${inside}/">`],
    '/bomb': ['text/html', gzipSync(Buffer.alloc(70_000_000)), { 'Content-Encoding': 'gzip' }],
    '/away': ['text/html', '', { Location: `${inside}/` }],
    '/file': ['application/octet-stream', 'some bytes', { 'Content-Disposition': 'attachment' }],
    '/slow': ['text/html', '<title>Slow</title><p>It began</p><img src="/endless">'],
    '/busy': ['text/html', '<title>Busy</title><script>onload = () => { for (;;); }</script>'],
    '/endless': ['image/png', ''],
    '/large': ['text/html', '<title>Large</title><link rel="icon" href="data:,"><img src="/large.png">'],
    '/large.png': ['image/png', Buffer.alloc(50_000)],
    '/many': [
      'text/html',
      `<title>Many</title>${Array.from({ length: 20 }, (_, n) => `<img src="/red.png?${n}">`).join('')}`,
    ],
  }
}

/** A server on this machine that remembers what it was asked. */
async function listening(answer: RequestListener) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  server.on('connection', () => asked.push('a connection'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  afterAll(() => (server.listening ? stop() : undefined))
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    stop,
    start: () => once(server.listen(port, '127.0.0.1'), 'listening'),
  }
}
