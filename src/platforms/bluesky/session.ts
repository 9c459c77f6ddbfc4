import { createHash } from 'node:crypto'
import { AtpAgent } from '@atproto/api'
import type { Connection, Outcome } from '../contract.ts'
import { attempt, done } from './attempt.ts'

/**
 * Sessions that are open, by service, handle and password. A service counts sign-ins (bsky.social allows 300 a day), and
 * an account is opened for each post and each look at its comments. Forgetting one costs a sign-in and nothing else.
 */
export type Sessions = Map<string, Session>
export interface Session {
  agent: AtpAgent
  fetch: typeof globalThis.fetch
  did: string
  handle: string
  /** What may be read nowhere in what is kept. */
  secrets(): (string | undefined)[]
  /** Signs in anew, when the service no longer takes the session that it gave. */
  again(): Promise<Outcome<unknown>>
}

/** The session of an account: one of `sessions`, or a new one that is put there. */
export async function openSession(
  { fields, fresh }: Connection,
  fetch: typeof globalThis.fetch,
  sessions: Sessions,
): Promise<Outcome<Session>> {
  const { service = '', handle = '', password = '' } = fields
  if (!URL.canParse(service))
    return { outcome: 'refused', because: 'The service has to be an address like https://bsky.social.' }
  const key = createHash('sha256')
    .update(JSON.stringify([service, handle, password]))
    .digest('hex')
  const open = fresh ? undefined : sessions.get(key)
  if (open) return done(open)

  const agent = new AtpAgent({ service, fetch })
  const signIn = async () => {
    const entered = await attempt(false, () =>
      agent.login({ identifier: handle.replace(/^@/, '').trim(), password }),
    )
    if (entered.outcome !== 'refused') return entered
    sessions.delete(key)
    return {
      ...entered,
      because: 'Handle or app password is not right (any more).',
      reconnect: true,
    } as const
  }
  const entered = await signIn()
  if (entered.outcome !== 'done') return entered
  const { did, handle: name } = entered.value.data
  const secrets = () => [password, agent.session?.accessJwt, agent.session?.refreshJwt]
  const session = { agent, fetch, did, handle: name, secrets, again: signIn }
  sessions.set(key, session)
  return done(session)
}
