import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import type { CDPSession } from 'playwright-core'
import type { WarcEntry } from '../archive/archive.ts'
import { AnswerTooLong, type Exchange, exchanges } from '../platforms/exchange.ts'
import { newId } from '../storage/ids.ts'
import { type Limits, megabytes } from './limits.ts'

/** Something that a capture does not hold, and why. */
export interface Gap {
  url: string
  because: string
}

interface Paused {
  requestId: string
  frameId: string
  resourceType: string
  request: {
    url: string
    method: string
    headers: Record<string, string>
    postDataEntries?: { bytes?: string }[]
  }
}

/**
 * Answers every request that the browser makes: pages, redirects, frames, workers, pop-ups. The browser itself reaches no
 * network. Each request is made by us, under the guard of `exchanges`, and kept with `keep` as it went over the wire.
 */
export async function answerFor(
  browser: CDPSession,
  {
    limits,
    allowPrivate,
    own,
    language,
    signal,
    keep,
  }: {
    limits: Limits
    allowPrivate: boolean
    own: string | null
    language: string
    /** Ends everything: the capture took too long, or is over. */
    signal: AbortSignal
    keep(entry: WarcEntry): Promise<void>
  },
) {
  const wire = exchanges({ allowPrivate, own })
  const turn = turns(limits.atOnce)
  const gaps: Gap[] = []
  const open = new Set<Promise<void>>()
  let notKept: Error | null = null
  let requests = 0
  let bytes = 0
  let lastEnd = performance.now()
  /** The frame of the page itself: the first that asked for a document. */
  let main: string | null = null
  let mainStatus: number | null = null
  let mainTrouble: string | null = null

  async function answer(paused: Paused) {
    const { requestId, request, frameId, resourceType } = paused
    // What the browser makes by itself reaches no network; a file of this machine is nobody's page.
    if (/^(data|blob|about):/.test(request.url)) {
      await browser.send('Fetch.continueRequest', { requestId })
      return
    }
    if (resourceType === 'Document') main ??= frameId
    const isMain = resourceType === 'Document' && frameId === main
    const fail = () => browser.send('Fetch.failRequest', { requestId, errorReason: 'Failed' })
    // From the call to the browser's receipt: so many answers are in memory, and no more.
    await turn(async () => {
      const got = await obtained(request, isMain).catch((error: Error) => error)
      // The browser may have given up on a request, or be closed, before its answer comes.
      if (!(got instanceof Error))
        return browser
          .send('Fetch.fulfillRequest', { requestId, ...got })
          .catch(fail)
          .catch(() => {})
      const because = whyNot(got, limits)
      gaps.push({ url: request.url, because })
      if (isMain) mainTrouble = because
      await fail().catch(() => {})
    })
  }

  /** An answer as the browser takes it. It is kept first: what is on the picture is in the archive. */
  async function obtained(request: Paused['request'], isMain: boolean) {
    const exchange = await made(request)
    const { response } = exchange
    if (isMain) mainStatus = response.status
    bytes += response.body.length
    await keep(entryOf(request.url, exchange)).catch((error) => {
      notKept ??= error
      throw error
    })
    const body = await unpacked(response)
    return {
      responseCode: response.status,
      responseHeaders: response.headers
        .filter(([name]) => !ofTheWire.test(name))
        .map(([name, value]) => ({ name, value: value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '') })),
      body: body.toString('base64'),
    }
  }

  async function made({ url, method, headers, postDataEntries = [] }: Paused['request']): Promise<Exchange> {
    if (++requests > limits.requests)
      throw new Unanswered(`After ${limits.requests} requests no more was loaded.`)
    const left = limits.bytes - bytes
    if (left <= 0) throw new Unanswered(`After ${megabytes(limits.bytes)} no more was loaded.`)
    if (!/^https?:/.test(url)) throw new Unanswered('It is no page of the web.')
    signal.throwIfAborted()
    const given = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    // Part of a film can't be played again: the whole is asked for.
    given.delete('range')
    given.set('accept-encoding', 'gzip, deflate, br')
    if (!given.has('accept-language')) given.set('accept-language', language)
    return wire.call({
      method,
      url,
      headers: [...given],
      body: Buffer.concat(postDataEntries.map((part) => Buffer.from(part.bytes ?? '', 'base64'))),
      signal: AbortSignal.any([signal, AbortSignal.timeout(limits.answerSeconds * 1000)]),
      longest: Math.min(limits.answerBytes, left),
    })
  }

  browser.on('Fetch.requestPaused', (paused: Paused) => {
    const work = answer(paused)
      .catch(() => {})
      .finally(() => {
        open.delete(work)
        lastEnd = performance.now()
      })
    open.add(work)
  })
  await browser.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] })

  return {
    gaps,
    counts: () => ({ requests: Math.min(requests, limits.requests), bytes }),
    main: () => ({ status: mainStatus, trouble: mainTrouble }),
    /** Whether nothing has been loading for so many milliseconds. */
    isQuiet: (milliseconds: number) => open.size === 0 && performance.now() - lastEnd >= milliseconds,
    /** Ends when what was under way has ended, cut short or not. Throws when something could not be kept. */
    async end() {
      await Promise.all(open)
      await wire.close()
      if (notKept) throw notKept
    },
  }
}

/** Why a request has no answer, in a sentence already. */
class Unanswered extends Error {}

/** What describes the packing on the wire; what the browser is given is unpacked. */
const ofTheWire = /^(content-encoding|content-length|connection|keep-alive|x-orig-.*)$/i

const unpackers: Record<string, (body: Buffer, how: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  identity: async (body) => body,
}

/** The body without its packings. One that is unknown, damaged, or holds more than a browser should be given is refused. */
async function unpacked({ headers, body }: Exchange['response']): Promise<Buffer> {
  if (body.length === 0) return body
  const packings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter(Boolean)
  let content = body
  for (const name of packings.reverse()) {
    const unpack = unpackers[name]
    if (!unpack) throw new Unanswered('It was packed in a way that is unknown here.')
    content = await unpack(content, { maxOutputLength: longestUnpacked }).catch(() => {
      throw new Unanswered('It was packed, and can’t be unpacked, or holds too much.')
    })
  }
  return content
}
const longestUnpacked = 64_000_000

function entryOf(url: string, { request, response, from, at }: Exchange): WarcEntry {
  return {
    type: 'exchange',
    id: newId(),
    requestId: newId(),
    url,
    at,
    request,
    response,
    ...(from ? { fields: { 'WARC-IP-Address': from } } : {}),
  }
}

/** Lets so many work at a time; the others wait, first come, first served. */
function turns(most: number) {
  let free = most
  const waiting: (() => void)[] = []
  return async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/** Why a request has no answer, in a sentence. */
function whyNot(error: Error, { answerBytes, answerSeconds }: Limits): string {
  const { name, code } = [error, error.cause as Error | undefined].reduce<{ name: string; code: string }>(
    (known, one) => ({
      name: one?.name === 'PrivateAddress' ? one.name : known.name || (one?.name ?? ''),
      code: known.code || ((one as NodeJS.ErrnoException | undefined)?.code ?? ''),
    }),
    { name: '', code: '' },
  )
  if (error instanceof Unanswered) return error.message
  if (error instanceof AnswerTooLong) return `Its answer is longer than ${megabytes(answerBytes)}.`
  if (name === 'PrivateAddress')
    return 'It leads into the department’s own network, where captures may not go. Information services can allow it (PLAINVIEW_ALLOW_PRIVATE_NETWORK).'
  if (name === 'TimeoutError' || /TIMEOUT|TIMEDOUT/.test(code))
    return `It did not answer within ${answerSeconds} seconds.`
  if (name === 'AbortError') return 'The time for the capture was over.'
  return unreachable[code] ?? `It could not be reached (${code || error.message}).`
}

const unreachable: Record<string, string> = {
  ENOTFOUND: 'There is no site of this name.',
  EAI_AGAIN: 'The name of the site could not be looked up. Try again in a few minutes.',
  ECONNREFUSED: 'The site’s machine takes no connection.',
  ECONNRESET: 'The site broke the connection off.',
  UND_ERR_SOCKET: 'The site broke the connection off.',
  CERT_HAS_EXPIRED: 'The site’s certificate has expired, so nobody can tell whether it is the site.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The site’s certificate is signed by nobody but the site itself.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The site’s certificate is for another name.',
}
