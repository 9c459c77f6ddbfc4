import { XRPCError } from '@atproto/api'
import type { Connection, Outcome, PlatformAccount, Profile, Published } from '../contract.ts'
import { recordWire, unrecorded } from '../wire.ts'
import { attempt, done, missing, raw } from './attempt.ts'
import { sendMessage } from './direct-message.ts'
import { type Kept, partsOf, posts, rkeyOf } from './kept-record.ts'
import { recordOf } from './post-record.ts'
import { changesIn } from './reply-changes.ts'
import { pictureOf } from './reply-pictures.ts'
import { openSession, type Session, type Sessions } from './session.ts'
import { repliesTo } from './threads.ts'

const gates = 'app.bsky.feed.threadgate'
const profiles = 'app.bsky.actor.profile'
const blocks = 'app.bsky.graph.block'
/** app.bsky.feed.threadgate holds no more hidden replies than this. */
const mostHidden = 300

/** Opens an account, in one of its `sessions` if there is one. `fetch` decides which addresses may be reached. */
export async function openAccount(
  connection: Connection,
  fetch: typeof globalThis.fetch,
  sessions: Sessions,
): Promise<Outcome<PlatformAccount>> {
  const session = await openSession(connection, fetch, sessions)
  return session.outcome === 'done' ? done(accountOf(session.value)) : session
}

function accountOf(session: Session): PlatformAccount {
  const { agent, did, handle } = session
  const call = async <Value>(effect: boolean, work: () => Promise<Value>): Promise<Outcome<Value>> => {
    const { value, wire } = await recordWire(session.secrets, () => attempt(effect, work, session.again))
    return { ...value, wire }
  }
  const repo = agent.com.atproto.repo

  async function read(collection: string, rkey: string, of = did): Promise<Kept | null> {
    try {
      const { data } = await repo.getRecord({ repo: of, collection, rkey })
      return { uri: data.uri, cid: data.cid ?? '', value: data.value as Record<string, unknown> }
    } catch (error) {
      if (missing(error)) return null
      throw error
    }
  }
  const asPublished = (rkey: string, kept: { uri: string; cid: string }, answer: unknown): Published => ({
    clientId: rkey,
    remoteId: kept.uri,
    version: kept.cid,
    url: `https://bsky.app/profile/${did}/post/${rkey}`,
    ...raw(answer),
  })
  const lookUp = async (rkey: string) => {
    const kept = await read(posts, rkey)
    return kept && asPublished(rkey, kept, kept)
  }

  return {
    handle,
    async publish(post) {
      return call(true, async () => {
        const there = await lookUp(post.clientId)
        if (there) return there
        const record = await recordOf(agent, post)
        const { data } = await repo.createRecord({
          repo: did,
          collection: posts,
          rkey: post.clientId,
          record,
        })
        return asPublished(post.clientId, data, { ...data, record })
      })
    },
    find: (clientId) => call(false, () => lookUp(clientId)),
    edit: (published, post) =>
      call(true, async () => {
        const rkey = rkeyOf(published.remoteId)
        const before = await read(posts, rkey)
        if (!before) throw new XRPCError(404, 'RecordNotFound', 'the post is not there any more')
        const record = { ...(await recordOf(agent, post)), createdAt: String(before.value.createdAt) }
        const { data } = await repo.putRecord({
          repo: did,
          collection: posts,
          rkey,
          record,
          swapRecord: before.cid,
        })
        return asPublished(rkey, data, { ...data, record, before })
      }),
    delete: ({ remoteId }) =>
      call(true, async () => {
        const { data } = await repo.deleteRecord({ repo: did, collection: posts, rkey: rkeyOf(remoteId) })
        return { remoteId, ...raw({ deleted: remoteId, ...data }) }
      }),
    readProfile: () => call(false, async () => asProfile(await read(profiles, 'self'))),
    writeProfile: ({ displayName, description }) =>
      call(true, async () => {
        const before = await read(profiles, 'self')
        // Its pictures and whatever else stands there stay.
        const record = { ...before?.value, $type: profiles, displayName, description }
        const { data } = await repo.putRecord({
          repo: did,
          collection: profiles,
          rkey: 'self',
          record,
          swapRecord: before?.cid ?? null,
        })
        return { displayName, description, ...raw({ ...data, record }) }
      }),
    // Each change brings its own wire: the thread's answer repeats what everybody else wrote.
    async pollComments(published, known) {
      const roots = published.map((one) => one.remoteId)
      const found = await repliesTo(session, roots)
      const { changes, trouble } = await changesIn(session, found, known, read)
      return trouble ? { ...trouble, soFar: changes } : done(changes)
    },
    readComment: (remoteId) =>
      call(false, async () => {
        const { did: author, rkey } = partsOf(remoteId)
        const kept = await read(posts, rkey, author)
        return kept && { version: kept.cid, ...raw(kept) }
      }),
    readPicture: (askFor) => call(false, () => pictureOf(session, JSON.parse(askFor))),
    hideComment: (remoteId) => call(true, () => setHidden(remoteId, true)),
    showComment: (remoteId) => call(true, () => setHidden(remoteId, false)),
    async notifyAuthor(notice) {
      // Nothing of it is recorded: the notice holds a code, and the answers what the author wrote in private.
      const told = await unrecorded(() => attempt(true, () => sendMessage(agent, notice), session.again))
      if (told.outcome !== 'done') return told
      return 'because' in told.value
        ? { outcome: 'refused', because: told.value.because }
        : done(raw(told.value))
    },
    // The same record under the same key changes nothing, and what is not there can be deleted.
    blockAuthor: ({ author, clientId, since }) =>
      call(true, async () => {
        const record = { $type: blocks, subject: author, createdAt: since.toISOString() }
        const { data } = await repo.putRecord({ repo: did, collection: blocks, rkey: clientId, record })
        return raw({ ...data, record })
      }),
    unblockAuthor: ({ author, clientId }) =>
      call(true, async () => {
        const { data } = await repo.deleteRecord({ repo: did, collection: blocks, rkey: clientId })
        return raw({ ...data, unblocked: author })
      }),
  }

  /** Hidden replies stand in the post's thread gate; two changes at once are kept apart by its version. */
  async function setHidden(remoteId: string, hide: boolean) {
    const { did: author, rkey } = partsOf(remoteId)
    // Which post it is under is no part of the hiding, and the reply's words don't belong to its record.
    const reply = await unrecorded(() => read(posts, rkey, author))
    const root = (reply?.value.reply as { root?: { uri?: string } } | undefined)?.root?.uri
    if (!root) return raw({ gone: remoteId })
    for (let tries = 0; ; tries++) {
      const gate = await read(gates, rkeyOf(root))
      const hidden = ((gate?.value.hiddenReplies as string[] | undefined) ?? []).filter(
        (uri) => uri !== remoteId,
      )
      const record = {
        createdAt: new Date().toISOString(),
        ...gate?.value,
        $type: gates,
        post: root,
        hiddenReplies: (hide ? [...hidden, remoteId] : hidden).slice(-mostHidden),
      }
      try {
        const { data } = await repo.putRecord({
          repo: did,
          collection: gates,
          rkey: rkeyOf(root),
          record,
          swapRecord: gate?.cid ?? null,
        })
        return raw({ ...data, record })
      } catch (error) {
        if (!(error instanceof XRPCError) || error.error !== 'InvalidSwap' || tries === 3) throw error
      }
    }
  }
}

function asProfile(kept: Kept | null): Profile {
  return {
    displayName: String(kept?.value.displayName ?? ''),
    description: String(kept?.value.description ?? ''),
    ...raw(kept),
  }
}
