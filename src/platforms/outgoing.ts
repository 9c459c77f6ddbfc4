import { Agent, fetch } from 'undici'
import { guardedLookup, mustBePublic } from './guard.ts'

const connectSeconds = 5
const longestAnswer = 20_000_000

/**
 * A fetch for addresses that people type: with time-outs, and only to the public internet, unless the operator
 * allows the own network. The check is made where the connection is, so that a name cannot change in between.
 */
export function outgoing({
  allowPrivate = false,
  /** The longest silence before an answer begins, and within it. The whole may take four times as long. */
  answerSeconds = 30,
} = {}): typeof globalThis.fetch {
  const agent = new Agent({
    connect: { timeout: connectSeconds * 1000, lookup: guardedLookup(allowPrivate) },
    headersTimeout: answerSeconds * 1000,
    bodyTimeout: answerSeconds * 1000,
    maxResponseSize: longestAnswer,
  })
  const send = async (input: string | URL | Request, init: RequestInit = {}) => {
    const request = input instanceof Request ? input : null
    const url = new URL(request?.url ?? String(input))
    if (!allowPrivate) mustBePublic(url)
    // An answer that trickles in is never silent, and must not be waited for without end either.
    const late = AbortSignal.timeout(4 * answerSeconds * 1000)
    const cancelled = init.signal ?? request?.signal
    const signal = cancelled ? AbortSignal.any([cancelled, late]) : late
    return fetch(url, {
      method: init.method ?? request?.method ?? 'GET',
      headers: [...new Headers(init.headers ?? request?.headers)],
      body: (init.body ?? request?.body ?? null) as never,
      duplex: 'half',
      redirect: 'error',
      signal,
      dispatcher: agent,
    })
  }
  return send as unknown as typeof globalThis.fetch
}
