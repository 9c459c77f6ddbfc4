import type { AtpAgent } from '@atproto/api'

/** Looks names up once each; an account that can't be asked goes by its id. */
export function handles(agent: AtpAgent): (did: string) => Promise<string> {
  const names = new Map<string, Promise<string>>()
  const ask = (did: string) =>
    agent.com.atproto.repo
      .describeRepo({ repo: did })
      .catch(() => agent.app.bsky.actor.getProfile({ actor: did }))
      .then(
        ({ data }) => data.handle,
        () => did,
      )
  return (did) => {
    const name = names.get(did) ?? ask(did)
    names.set(did, name)
    return name
  }
}
