import { AsyncLocalStorage } from 'node:async_hooks'
import type { Exchange } from './exchange.ts'

/** One call and what came back, without what opens an account. The body of an answer is unpacked. */
export interface WireExchange extends Pick<Exchange, 'request' | 'at'> {
  url: string
  /** Null when none came. */
  response: Exchange['response'] | null
  /** What was a secret and was replaced, each where it stood: 'request header authorization'. */
  replaced: readonly string[]
}
export type Wire = readonly WireExchange[]

/** What stands in the place of a secret. */
export const removed = '[secret removed by Plainview]'

interface Recording {
  secrets: Secrets
  exchanges: WireExchange[]
}
/** The secrets of an account as they are now: its password, the tokens of its session. */
type Secrets = () => readonly (string | undefined)[]

/** A recorder in use follows the call through the platform's library, which hands no more than a fetch to us. */
const recordings = new AsyncLocalStorage<Recording | null>()

/** Gathers what goes over the wire while `work` runs, without the account's `secrets`. */
export async function recordWire<Value>(
  secrets: Secrets,
  work: () => Promise<Value>,
): Promise<{ value: Value; wire: Wire }> {
  const recording: Recording = { secrets, exchanges: [] }
  const value = await recordings.run(recording, work)
  return { value, wire: recording.exchanges }
}

/** Does `work` without its calls being gathered: they are not about what is recorded. */
export const unrecorded = <Value>(work: () => Promise<Value>): Promise<Value> => recordings.run(null, work)

/**
 * A fetch whose calls are gathered by the `recordWire` they are made in. Both bodies of a call to an address that matches
 * `aboutSessions` are left out as a whole, like those of every address that speaks of signing in.
 */
export function recordingFetch(
  fetch: typeof globalThis.fetch,
  aboutSessions?: RegExp,
): typeof globalThis.fetch {
  return async (input, init = {}) => {
    const recording = recordings.getStore()
    if (!recording) return fetch(input, init)
    const at = new Date()
    // Tokens may be renewed by the very call: those of before count as well.
    const before = recording.secrets()
    const asked = new Request(input, { ...init, duplex: 'half' } as RequestInit)
    const { method, url } = asked
    const body = new Uint8Array(await asked.arrayBuffer())
    const keep = (response: WireExchange['response']) =>
      recording.exchanges.push(
        withoutSecrets(
          { at, url, request: { line: method, headers: [...asked.headers], body }, response },
          [...before, ...recording.secrets()],
          aboutSessions,
        ),
      )
    try {
      const answer = await fetch(url, {
        method,
        headers: asked.headers,
        body: body.length > 0 ? body : null,
        signal: init.signal ?? asked.signal,
      })
      keep({
        line: `HTTP/1.1 ${answer.status} ${answer.statusText}`.trimEnd(),
        status: answer.status,
        headers: [...answer.headers].map(([name, value]) => [unpacked(name), value]),
        body: Buffer.from(await answer.clone().arrayBuffer()),
      })
      return answer
    } catch (error) {
      keep(null)
      throw error
    }
  }
}

/** The body is kept unpacked, so the fields that say otherwise go by the names that archives give them. */
const unpacked = (name: string) =>
  /^(content-encoding|content-length|transfer-encoding)$/i.test(name) ? `x-orig-${name}` : name

const openRequestHeaders =
  /^(accept|accept-language|accept-encoding|atproto-.*|content-type|content-length|content-language|user-agent)$/i
const secretAnswerHeaders = /cookie|auth|token|secret|session|dpop/i
const secretNames =
  /pass(word|wd|phrase)|token|jwt|secret|assertion|credential|^(code|code_verifier|state|sig|signature|key|api_?key|auth.*)$/i
const sessionPaths = /(^|[/._-])(oauth2?|session|sessions|login|signin|token|authorize)([/._-]|$)/i
/** Shaped like a JSON Web Token, whoever's it is (RFC 7519). */
const tokens = /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g

/** Shorter ones would be found in any text; wherever a password is sent, its field or header is left out anyway. */
const shortestSought = 6

function withoutSecrets(
  { at, url, request, response }: Omit<WireExchange, 'replaced'>,
  secrets: readonly (string | undefined)[],
  aboutSessions?: RegExp,
): WireExchange {
  const replaced = new Set<string>()
  const sought = secrets.flatMap((secret) =>
    secret && secret.length >= shortestSought ? writings(secret) : [],
  )
  const text = (value: string, where: string) => {
    let left = value
    for (const one of sought) left = left.replaceAll(one, removed)
    left = left.replace(tokens, removed)
    if (left !== value) replaced.add(where)
    return left
  }
  const headers = (list: typeof request.headers, where: string, isSecret: (name: string) => boolean) =>
    list.map(([name, value]) => {
      const place = `${where} header ${name.toLowerCase()}`
      if (!isSecret(name)) return [name, text(value, place)] as const
      replaced.add(place)
      return [name, removed] as const
    })
  const address = new URL(url)
  for (const name of new Set(address.searchParams.keys()))
    if (secretNames.test(name)) {
      address.searchParams.set(name, removed)
      replaced.add(`address parameter ${name}`)
    }
  const session = sessionPaths.test(address.pathname) || aboutSessions?.test(address.pathname)
  const body = (bytes: Uint8Array, mediaType: string, where: string): Buffer => {
    const kept = Buffer.from(bytes)
    if (session && kept.length > 0) {
      replaced.add(`${where} body`)
      return Buffer.from(removed)
    }
    const fields = fieldsWithout(kept, mediaType)
    if (fields) replaced.add(`${where} body`)
    // One byte is one letter in latin1, so what is not replaced comes back as it was.
    return Buffer.from(text((fields ?? kept).toString('latin1'), `${where} body`), 'latin1')
  }
  const typeIn = (list: typeof request.headers) =>
    list.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''

  const place = text(address.href, 'address')
  const { pathname, search } = new URL(place)
  return {
    at,
    url: place,
    request: {
      line: `${request.line} ${pathname}${search} HTTP/1.1`,
      headers: [
        ['host', address.host],
        ...headers(request.headers, 'request', (name) => !openRequestHeaders.test(name)),
      ],
      body: body(request.body, typeIn(request.headers), 'request'),
    },
    response: response && {
      ...response,
      line: text(response.line, 'response line'),
      headers: headers(response.headers, 'response', (name) => secretAnswerHeaders.test(name)),
      body: body(response.body, typeIn(response.headers), 'response'),
    },
    replaced: [...replaced],
  }
}

/** How a secret may stand in a message; as latin1, the way bodies are looked through. */
const writings = (secret: string): string[] => [
  ...new Set(
    [
      secret,
      encodeURIComponent(secret),
      new URLSearchParams({ '': secret }).toString().slice(1),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64'),
    ].map((one) => Buffer.from(one).toString('latin1')),
  ),
]

/** A body of JSON or of a form without its secret fields, or null when it has none and stays as it is, byte for byte. */
function fieldsWithout(body: Buffer, mediaType: string): Buffer | null {
  let found = false
  const known = <Value>(name: string, value: Value) => {
    if (!secretNames.test(name) || value === null || typeof value === 'object') return value
    found = true
    return removed
  }
  if (/json/i.test(mediaType))
    try {
      const text = JSON.stringify(JSON.parse(body.toString()), known)
      return found ? Buffer.from(text) : null
    } catch {
      return null
    }
  if (!/x-www-form-urlencoded/i.test(mediaType)) return null
  const fields = [...new URLSearchParams(body.toString())].map(([name, value]) => [name, known(name, value)])
  return found ? Buffer.from(new URLSearchParams(fields as [string, string][]).toString()) : null
}
