import path from 'node:path'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { newId } from '../storage/ids.ts'
import { type Limits, usualLimits } from './limits.ts'
import { answerFor, type Gap } from './traffic.ts'
import { wall } from './wall.ts'
import { warcInto } from './warc-file.ts'

/** A page as it was seen. */
export interface Picture {
  /** The file with everything that went over the wire, the pictures and the words (WARC). */
  warc: string
  /** The whole page, PNG. */
  whole: Buffer
  title: string
  /** Where the address led in the end. */
  url: string
  /** What the site answered, as HTTP counts: 200, 404 … */
  status: number
  text: string
  at: Date
  requests: number
  bytes: number
  gaps: readonly Gap[]
  /** Why the capture ended before the page had loaded; null when it had. */
  cutShort: string | null
  browser: string
}

/** The page could not be captured, with a sentence for whoever asked for it. */
export class NotCaptured extends Error {
  override name = 'NotCaptured'
}

const viewport = { width: 1280, height: 1000 }
const language = 'en-US,en;q=0.9'

/**
 * Opens `address` in the Chromium at `browserPath` as anybody would see it, without an account, scrolls through it, and
 * keeps what it was given, how it looked and what it said. `folder` takes the file; throws NotCaptured with the reason.
 */
export async function takePicture(
  browserPath: string,
  address: string,
  {
    folder,
    allowPrivate,
    own,
    limits = usualLimits,
    now,
  }: { folder: string; allowPrivate: boolean; own: string | null; limits?: Limits; now(): Date },
): Promise<Picture> {
  const file = path.join(folder, 'capture.warc.gz')
  const warc = warcInto(file)
  const barrier = await wall()
  const over = new AbortController()
  const late = AbortSignal.timeout(limits.seconds * 1000)
  let browser: Browser | null = null
  let stuck = false
  // A script that never ends would keep what we ask the page from ever being answered.
  const giveUp = setTimeout(
    () => {
      stuck = true
      browser?.close().catch(() => {})
    },
    (limits.seconds + limits.pictureSeconds) * 1000,
  )
  try {
    browser = await launch(browserPath, barrier.address)
    const session = await browser.newBrowserCDPSession()
    const userAgent = await agentOf(session)
    await warc.add({
      type: 'warcinfo',
      id: newId(),
      at: now(),
      info: {
        software: `Plainview; Chromium ${browser.version()}`,
        format: 'WARC File Format 1.1',
        conformsTo: 'https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/',
        'http-header-user-agent': userAgent,
      },
    })
    const traffic = await answerFor(session, {
      limits,
      allowPrivate,
      own,
      language,
      signal: AbortSignal.any([late, over.signal]),
      keep: warc.add,
    })
    const context = await browser.newContext({
      viewport,
      locale: 'en-US',
      userAgent,
      // What a service worker answers would not be on the wire.
      serviceWorkers: 'block',
      acceptDownloads: false,
    })
    const page = await context.newPage()
    context.on('page', (other) => void other.close().catch(() => {}))
    const at = now()
    const cutShort = await load(page, address, traffic.main, late)
    await settle(traffic.isQuiet, late)
    const view = await page.screenshot({ timeout: patience })
    await scrollThrough(page, limits.height, late)
    await settle(traffic.isQuiet, late)
    const url = page.url()
    // It may have led on by itself, to where nothing could be opened.
    if (url.startsWith('chrome-error:'))
      throw new NotCaptured(
        traffic.main().trouble ?? 'The page led to another one, which could not be opened.',
      )
    const whole = await pictureOf(page, limits.height)
    const title = (await page.title()).trim()
    const text = await wordsOf(page)
    over.abort()
    await browser.close()
    await traffic.end()
    const { requests, bytes } = traffic.counts()
    const { status } = traffic.main()
    for (const [kind, mediaType, content] of [
      ['view', 'image/png', view],
      ['fullPage', 'image/png', whole],
      ['text', 'text/plain; charset=utf-8', Buffer.from(text)],
    ] as const)
      await warc.add({ type: 'resource', id: newId(), at, url: `urn:${kind}:${url}`, mediaType, content })
    await warc.add({
      type: 'metadata',
      id: newId(),
      at,
      url: `urn:gaps:${url}`,
      mediaType: 'application/json',
      content: Buffer.from(JSON.stringify({ cutShort, gaps: traffic.gaps }, null, 1)),
    })
    await warc.end()
    const { gaps } = traffic
    return {
      ...{ warc: file, whole, title, url, status: status ?? 0, text, at, requests, bytes, gaps, cutShort },
      browser: `Chromium ${browser.version()}`,
    }
  } catch (error) {
    throw stuck
      ? new NotCaptured('The page kept the browser busy without end.')
      : whatHappened(error as Error)
  } finally {
    clearTimeout(giveUp)
    over.abort()
    await browser?.close().catch(() => {})
    await warc.end().catch(() => {})
    barrier.close()
  }
}

/** The longest that one step of the browser may take, in milliseconds. */
const patience = 30_000

async function launch(executablePath: string, proxy: string): Promise<Browser> {
  // Loaded when it is needed: it takes 75 MB and a third of a second.
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath,
    // Chromium's own sandbox does not work for root. The guide says so, and how to run as another user.
    chromiumSandbox: process.getuid?.() !== 0,
    // A page must not find our secrets in its process.
    env: Object.fromEntries(
      ['PATH', 'HOME', 'TMPDIR', 'TMP', 'TEMP', 'LANG', 'SYSTEMROOT', 'USERPROFILE', 'LOCALAPPDATA'].flatMap(
        (name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]),
      ),
    ),
    proxy: { server: proxy, bypass: '<-loopback>' },
    args: [
      // Names are looked up by us alone, under the guard.
      '--host-resolver-rules=MAP * ~NOTFOUND',
      '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-gpu',
      '--mute-audio',
    ],
  })
}

/** As the browser of a person names itself: some sites answer nobody else. */
async function agentOf(session: CDPSession): Promise<string> {
  const { userAgent } = await session.send('Browser.getVersion')
  return userAgent.replace('HeadlessChrome', 'Chrome')
}

/** Opens the page; answers why it is not whole, or null. */
async function load(
  page: Page,
  address: string,
  main: () => { status: number | null; trouble: string | null },
  late: AbortSignal,
): Promise<string | null> {
  const failure = await Promise.race([
    page.goto(address, { waitUntil: 'load', timeout: 0 }).then(
      () => null,
      (error: Error) => error,
    ),
    ended(late),
  ])
  const { status, trouble } = main()
  if (trouble) throw new NotCaptured(trouble)
  if (failure === null) return null
  if (/Download is starting|ERR_ABORTED/.test(failure.message))
    throw new NotCaptured('The address leads to a file for downloading, not to a page that can be seen.')
  if (/ERR_HTTP_RESPONSE_CODE_FAILURE/.test(failure.message))
    throw new NotCaptured(`The site answered ${status}, without a page.`)
  if (status === null) throw late.aborted ? new NotCaptured('The site did not answer in time.') : failure
  if (!late.aborted) throw failure
  return 'The page was still loading when the time for the capture was over.'
}

const ended = (signal: AbortSignal) =>
  new Promise<Error>((resolve) => {
    if (signal.aborted) resolve(signal.reason)
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true })
  })

/** Waits until nothing has loaded for half a second; pages that never come to rest are taken after eight. */
async function settle(isQuiet: (milliseconds: number) => boolean, late: AbortSignal) {
  const latest = performance.now() + 8_000
  while (!isQuiet(500) && performance.now() < latest && !late.aborted) await pause(100)
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Goes down the page, so that what loads only when it is seen is loaded, and up again. */
async function scrollThrough(page: Page, height: number, late: AbortSignal) {
  for (let at = 0; at < height && !late.aborted; at += viewport.height) {
    const isEnd = await page.evaluate((top) => {
      window.scrollTo({ top, behavior: 'instant' })
      return top + window.innerHeight >= document.documentElement.scrollHeight
    }, at)
    await pause(200)
    if (isEnd) break
  }
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }))
}

async function pictureOf(page: Page, highest: number): Promise<Buffer> {
  const { width, height } = await page.evaluate(() => {
    const { scrollWidth, scrollHeight } = document.documentElement
    return { width: scrollWidth, height: scrollHeight }
  })
  const clip = { x: 0, y: 0, width: Math.min(width, viewport.width), height: Math.min(height, highest) }
  return page.screenshot({
    fullPage: true,
    timeout: patience,
    ...(height > highest && clip.width > 0 ? { clip } : {}),
  })
}

const longestText = 500_000

/** The words that are seen, of the page and of what is framed in it. */
async function wordsOf(page: Page): Promise<string> {
  const parts = await Promise.all(
    page.frames().map((frame) =>
      Promise.race([
        // biome-ignore lint/performance/useDomNodeTextContent: what is hidden was not seen
        frame.evaluate(() => document.body?.innerText ?? '').catch(() => ''),
        // A frame that never came to be has no words, and would be waited for.
        pause(5_000).then(() => ''),
      ]),
    ),
  )
  return parts
    .map((part) => part.trim())
    .filter(Boolean)
    .join('\n\n')
    .slice(0, longestText)
    .toWellFormed()
}

/** What of it concerns whoever asked, in a sentence; the rest is ours to mend, and stays as it is. */
function whatHappened(error: Error): Error {
  if (error instanceof NotCaptured) return error
  if (/Failed to launch|spawn|executable doesn't exist/i.test(error.message))
    return new NotCaptured(
      'The browser of this machine did not start. Ask information services: the log of the server says more.',
      { cause: error },
    )
  if (/crashed|Target closed|has been closed/i.test(error.message))
    return new NotCaptured('The page made the browser end. Try again; some pages can’t be captured.', {
      cause: error,
    })
  return error
}
