import type {
  Capabilities,
  Connection,
  Outcome,
  OutgoingPost,
  Platform,
  PlatformAccount,
  Published,
  Wire,
} from '../src/platforms/contract.ts'

const answer = (what: object) => ({
  raw: { mediaType: 'application/json', content: new TextEncoder().encode(JSON.stringify(what)) },
})

type Call = 'publish' | 'find' | 'edit' | 'delete' | 'writeProfile'
type Trouble = Exclude<Outcome<never>, { outcome: 'done' }> | Error

/** A platform for tests: it counts, and fails where it is told to, before or after it has done the thing. */
export function fakePlatform(capabilities: Partial<Capabilities> = {}) {
  const there = new Map<string, OutgoingPost & { revision: number }>()
  const calls: Call[] = []
  const troubles: { call: Call; after: boolean; trouble: Trouble }[] = []
  const profiles: string[] = []
  const connections: Connection[] = []
  let connection: Trouble | null = null
  let wire: Wire = []

  const published = (clientId: string): Published => ({
    clientId,
    remoteId: `fake:${clientId}`,
    version: String(there.get(clientId)?.revision ?? 0),
    url: `https://fake.example/${clientId}`,
    ...answer({ id: clientId, text: there.get(clientId)?.text ?? null }),
  })

  /** Runs a call, with the trouble that a test ordered for it. */
  async function perform<Value>(call: Call, work: () => Value): Promise<Outcome<Value>> {
    calls.push(call)
    const at = troubles.findIndex((one) => one.call === call)
    const ordered = at < 0 ? null : (troubles.splice(at, 1)[0] ?? null)
    const value = ordered && !ordered.after ? null : work()
    if (ordered) {
      if (ordered.trouble instanceof Error) throw ordered.trouble
      return { ...ordered.trouble, wire }
    }
    // Long enough for a second worker to come in between.
    await new Promise((resolve) => setTimeout(resolve, 20))
    return { outcome: 'done', value: value as Value, wire }
  }

  const account: PlatformAccount = {
    handle: 'town.example',
    publish: (post) =>
      perform('publish', () => {
        if (there.has(post.clientId)) throw new Error('Posted twice under one id.')
        there.set(post.clientId, { ...post, revision: 1 })
        return published(post.clientId)
      }),
    find: (clientId) => perform('find', () => (there.has(clientId) ? published(clientId) : null)),
    edit: (before, post) =>
      perform('edit', () => {
        const revision = (there.get(before.clientId)?.revision ?? 0) + 1
        there.set(before.clientId, { ...post, revision })
        return published(before.clientId)
      }),
    delete: (before) =>
      perform('delete', () => {
        there.delete(before.clientId)
        return { remoteId: before.remoteId, ...answer({ deleted: before.remoteId }) }
      }),
    readProfile: async () => ({ outcome: 'refused', because: 'Not in this test.' }),
    writeProfile: (profile) =>
      perform('writeProfile', () => {
        profiles.push(profile.description)
        return { ...profile, ...answer(profile) }
      }),
    pollComments: async () => ({ outcome: 'done', value: [] }),
    hideComment: async () => ({ outcome: 'refused', because: 'Not in this test.' }),
    showComment: async () => ({ outcome: 'refused', because: 'Not in this test.' }),
  }

  const platform: Platform = {
    kind: 'fake',
    title: 'Fake Town Square',
    capabilities: {
      postLength: { max: 300, unit: 'graphemes' },
      profileLength: { max: 256, unit: 'graphemes' },
      images: { max: 4, maxBytes: 1_000_000, mediaTypes: ['image/jpeg', 'image/png'] },
      edit: 'yes',
      delete: true,
      hideComments: false,
      comments: 'polled',
      clientChosenId: true,
      ...capabilities,
    },
    connectionFields: [
      { name: 'handle', label: 'Handle', required: true },
      { name: 'password', label: 'App password', required: true, secret: true },
    ],
    connect: async (asked) => {
      connections.push(asked)
      if (connection instanceof Error) throw connection
      return connection ?? { outcome: 'done', value: account }
    },
  }

  return {
    platform,
    there,
    calls,
    profiles,
    /** What it was asked to open accounts with. */
    connections,
    /** The next `call` ends like this; `after` it has had its effect, or before. */
    order: (call: Call, trouble: Trouble, { after = false } = {}) => troubles.push({ call, after, trouble }),
    /** What goes over the wire in each call from now on. */
    overTheWire: (seen: Wire) => {
      wire = seen
    },
    connection: (trouble: Trouble | null) => {
      connection = trouble
    },
  }
}
