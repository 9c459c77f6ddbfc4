import type { Socket } from 'node:net'
import { Agent, buildConnector, request } from 'undici'
import { guardedLookup, mustBePublic } from './guard.ts'

type Field = readonly [name: string, value: string]

/** A call as it went over the wire, byte for byte but for chunks: no redirect was followed, nothing was unpacked. */
export interface Exchange {
  request: { line: string; headers: readonly Field[]; body: Uint8Array }
  response: { line: string; status: number; headers: readonly Field[]; body: Buffer }
  /** The network address that answered. */
  from: string | null
  at: Date
}
export interface Call {
  method: string
  url: string
  headers: readonly Field[]
  body: Uint8Array
  signal: AbortSignal
  /** The most bytes of an answer's body. */
  longest: number
}

/** An answer was longer than what its caller takes. */
export class AnswerTooLong extends Error {
  override name = 'AnswerTooLong'
}

/**
 * Makes calls whose both sides are kept as they were. Like `outgoing` it leads nowhere but to the public internet,
 * unless the operator allows the own network (`allowPrivate`), or the address has this very origin (`own`).
 */
export function exchanges({ allowPrivate, own }: { allowPrivate: boolean; own: string | null }) {
  const peers = new Map<string, string>()
  const agentFor = (allowed: boolean) => {
    const connect = buildConnector({ timeout: 10_000, lookup: guardedLookup(allowed) })
    return new Agent({
      connect: (options, callback) =>
        connect(options, (...[error, socket]: [Error, null] | [null, Socket]) => {
          if (error) return callback(error, null)
          peers.set(originOf(options.protocol, options.hostname, options.port), socket.remoteAddress ?? '')
          callback(null, socket)
        }),
      headersTimeout: 30_000,
      bodyTimeout: 30_000,
    })
  }
  const agents = { open: agentFor(true), guarded: agentFor(false) }

  return {
    async call({ method, url: address, headers, body, signal, longest }: Call): Promise<Exchange> {
      const url = new URL(address)
      const allowed = allowPrivate || url.origin === own
      if (!allowed) mustBePublic(url)
      const at = new Date()
      const ours = headers.filter(([name]) => !ofConnection.test(name))
      // As the client writes them: its own first, the length last.
      const sent: Field[] = [['host', url.host], ['connection', 'keep-alive'], ...ours]
      if (body.length > 0) sent.push(['content-length', String(body.length)])
      const answer = await request(url, {
        dispatcher: allowed ? agents.open : agents.guarded,
        method: method as 'GET',
        headers: ours.flat(),
        body: body.length > 0 ? body : null,
        responseHeaders: 'raw',
        signal,
      })
      // With 'raw' they come as they stood: name, value, name, value.
      const raw = answer.headers as unknown as string[]
      const fields = raw.flatMap((name, n): Field[] => (n % 2 === 0 ? [[name, raw[n + 1] ?? '']] : []))
      const pieces: Buffer[] = []
      let bytes = 0
      for await (const piece of answer.body as AsyncIterable<Buffer>) {
        bytes += piece.length
        if (bytes > longest) throw new AnswerTooLong(`The answer has more than ${longest} bytes.`)
        pieces.push(piece)
      }
      const target = `${url.pathname}${url.search}`
      return {
        request: { line: `${method} ${target} HTTP/1.1`, headers: sent, body },
        response: {
          line: `HTTP/1.1 ${answer.statusCode} ${answer.statusText}`.trimEnd(),
          status: answer.statusCode,
          headers: fields.map(([name, value]) => [unchunked(name, value), value]),
          body: Buffer.concat(pieces),
        },
        from: peers.get(originOf(url.protocol, url.hostname, url.port)) || null,
        at,
      }
    },
    close: () => Promise.all([agents.open.destroy(), agents.guarded.destroy()]),
  }
}

/** Fields that the client sets for itself. */
const ofConnection =
  /^(host|connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length)$/i

const originOf = (protocol: string, host: string, port: string) =>
  `${protocol}//${host}:${port || (protocol === 'https:' ? 443 : 80)}`

/** The body is kept without its chunks, so the field that says it has some goes by the name that archives give it. */
const unchunked = (name: string, value: string) =>
  name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value) ? 'X-Orig-Transfer-Encoding' : name
