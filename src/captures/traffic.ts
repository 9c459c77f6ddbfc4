import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
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
  let requests = 0
  let bytes = 0
  let lastEnd = performance.now()
  /** The frame of the page itself: the first that asked for a document. */
  let main: string | null = null
  let mainStatus: number | null = null
  let mainTrouble: string | null = null

  async function answer({ requestId, request, frameId, resourceType }: Paused) {
    const { url } = request
    // What the browser makes by itself reaches no network; a file of this machine is nobody's page.
    if (/^(data|blob|about):/.test(url)) return browser.send('Fetch.continueRequest', { requestId })
    if (resourceType === 'Document') main ??= frameId
    const isMain = resourceType === 'Document' && frameId === main
    const exchange = await turn(() => made(request)).catch((error: Error) => error)
    if (exchange instanceof Error) {
      const because = whyNot(exchange, limits)
      gaps.push({ url, because })
      if (isMain) mainTrouble = because
      return browser.send('Fetch.failRequest', { requestId, errorReason: 'Failed' })
    }
    const { response } = exchange
    if (isMain) mainStatus = response.status
    bytes += response.body.length
    // Kept first: what is on the picture is in the archive.
    await keep(entryOf(url, exchange))
    const body = unpacked(response)
    if (!body) {
      gaps.push({ url, because: 'It was packed in a way that can’t be unpacked.' })
      if (isMain) mainTrouble = 'Its answer was packed in a way that can’t be unpacked.'
      return browser.send('Fetch.failRequest', { requestId, errorReason: 'Failed' })
    }
    await browser.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: response.status,
      responseHeaders: response.headers
        .filter(([name]) => !ofTheWire.test(name))
        .map(([name, value]) => ({ name, value: value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '') })),
      body: body.toString('base64'),
    })
  }

  async function made({ url, method, headers, postDataEntries = [] }: Paused['request']): Promise<Exchange> {
    if (++requests > limits.requests)
      throw new BeyondLimit(`After ${limits.requests} requests no more was loaded.`)
    const left = limits.bytes - bytes
    if (left <= 0) throw new BeyondLimit(`After ${megabytes(limits.bytes)} no more was loaded.`)
    if (!/^https?:/.test(url)) throw new NoPage('It is no page of the web.')
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
    // The browser may have given up on a request, or be closed, before its answer comes.
    const work: Promise<void> = answer(paused)
      .then(
        () => {},
        (error) => {
          troubled ??= error
        },
      )
      .finally(() => {
        open.delete(work)
        lastEnd = performance.now()
      })
    open.add(work)
  })
  let troubled: Error | null = null
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
      if (troubled && !/closed|Invalid InterceptionId/i.test(troubled.message)) throw troubled
    },
  }
}

/** A capture takes only so much. */
class BeyondLimit extends Error {}
class NoPage extends Error {}

/** What describes the packing on the wire; what the browser is given is unpacked. */
const ofTheWire = /^(content-encoding|content-length|connection|keep-alive|x-orig-.*)$/i

const unpackers: Record<string, (body: Buffer, how: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
  identity: (body) => body,
}
const longestUnpacked = 200_000_000

/** The body without its packings; null when one is unknown, damaged, or holds more than a browser should be given. */
function unpacked({ headers, body }: Exchange['response']): Buffer | null {
  if (body.length === 0) return body
  const packings = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter(Boolean)
  try {
    return packings.reduceRight((content, name) => {
      const unpack = unpackers[name]
      if (!unpack) throw new Error(`Unknown packing ${name}`)
      return unpack(content, { maxOutputLength: longestUnpacked })
    }, body)
  } catch {
    return null
  }
}

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
  if (error instanceof BeyondLimit || error instanceof NoPage) return error.message
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
