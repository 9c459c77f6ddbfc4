import { XRPCError } from '@atproto/api'
import type { Outcome } from '../contract.ts'
import { lacksAccess } from './direct-message.ts'

export const done = <Value>(value: Value): Outcome<Value> => ({ outcome: 'done', value })
/** What the service answered, as the bytes that are kept of an outcome. */
export const raw = (what: unknown) => ({
  raw: { mediaType: 'application/json', content: new TextEncoder().encode(JSON.stringify(what)) },
})

/**
 * Calls the service; `effect` says whether a call without an answer may have happened all the same. `again` signs in anew
 * when the session has ended.
 */
export async function attempt<Value>(
  effect: boolean,
  call: () => Promise<Value>,
  again?: () => Promise<Outcome<unknown>>,
): Promise<Outcome<Value>> {
  try {
    return done(await call())
  } catch (error) {
    if (!again || !isSignedOut(error)) return troubleOf(error, effect)
    // The library has tried to refresh the session. What was refused for its sake has not happened: call once more.
    const entered = await again()
    return entered.outcome === 'done' ? attempt(effect, call) : entered
  }
}

const isSignedOut = (error: unknown) =>
  error instanceof XRPCError &&
  !lacksAccess.test(error.message) &&
  (error.status === 401 || ['ExpiredToken', 'InvalidToken', 'AuthMissing'].includes(error.error ?? ''))

/** How a call ended that brought nothing. */
export type Trouble = Exclude<Outcome<never>, { outcome: 'done' }>

function troubleOf(error: unknown, effect: boolean): Trouble {
  if (!(error instanceof XRPCError)) {
    const cause = (error as { cause?: { name?: string } }).cause
    if ((error as Error).name === 'PrivateAddress' || cause?.name === 'PrivateAddress')
      return {
        outcome: 'refused',
        because: 'The service’s address leads into the own network, which is not allowed.',
      }
    return { outcome: 'later', because: 'Bluesky could not be reached.', uncertain: effect }
  }
  const answer = raw({ status: error.status, error: error.error, message: error.message })
  if (/leads into the own network/.test(error.message))
    return {
      outcome: 'refused',
      because: 'The service’s address leads into the own network, which is not allowed.',
    }
  const wait = secondsToWait(error.headers)
  if (error.status === 429)
    return {
      outcome: 'later',
      because: 'Bluesky asks us to wait: too many calls.',
      retryAfterSeconds: Math.max(wait, 30),
      uncertain: false,
      ...answer,
    }
  // The library's own numbers below 100 mean that no answer came, or one that it can't read.
  if (error.status >= 500 || error.status < 100)
    return {
      outcome: 'later',
      because: 'Bluesky has trouble.',
      uncertain: effect,
      ...(wait > 0 ? { retryAfterSeconds: wait } : {}),
      ...answer,
    }
  return { outcome: 'refused', because: `Bluesky refused: ${error.message || error.error}.`, ...answer }
}

const longestWaitSeconds = 24 * 3600

/** What `Retry-After` (RFC 9110, 10.2.3: seconds or a date) and `RateLimit-Reset` (a Unix time) ask for; 0 for nothing. */
function secondsToWait(headers: Record<string, string | undefined> = {}): number {
  const [after = '', reset = ''] = [headers['retry-after'], headers['ratelimit-reset']]
  const asked = [
    Number(after),
    (Date.parse(after) - Date.now()) / 1000,
    Number(reset) - Date.now() / 1000,
  ].filter((seconds) => seconds > 0)
  return Math.min(Math.ceil(Math.max(0, ...asked)), longestWaitSeconds)
}

/** Whether the service says that there is no such record. */
export const missing = (error: unknown) =>
  error instanceof XRPCError &&
  (error.error === 'RecordNotFound' ||
    /could not (?:locate record|find (?:record|repo))/i.test(error.message))
