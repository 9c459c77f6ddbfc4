import { type AtpAgent, XRPCError } from '@atproto/api'
import { attempt, type Trouble } from './attempt.ts'
import { handles } from './handles.ts'
import { type Kept, posts, rkeyOf } from './kept-record.ts'
import { imagesOf, type Reply, type ReplyRecord, replyIn, type ViewImage, wordsIn } from './reply.ts'
import type { Session } from './session.ts'

/** What a reading of threads brought before the trouble, if there was any. */
export interface Found {
  replies: Reply[]
  /** Replies that stand in a thread without their words: their author blocked the page, or the page them. */
  veiled: string[]
  trouble: Trouble | null
}

/** The view gives no more levels than it likes, ten at present, whatever is asked for. */
const levels = 1000

/** All replies below the posts at `roots`. */
export const repliesTo = async (session: Session, roots: readonly string[]): Promise<Found> =>
  (await repliesByAppView(session, roots)) ?? (await repliesByRepositories(session, roots))

/** The replies as Bluesky's view of the network shows them; null where no such view answers. */
async function repliesByAppView(session: Session, roots: readonly string[]): Promise<Found | null> {
  const found: Found = { replies: [], veiled: [], trouble: null }
  const { agent } = session
  for (const root of roots) {
    // Below its last level the view goes on from there.
    const open = [root]
    const asked = new Set<string>()
    for (let uri = open.shift(); uri; uri = open.shift()) {
      if (asked.has(uri)) continue
      asked.add(uri)
      const at = uri
      let viewless = false
      const thread = await attempt(
        false,
        async () => {
          try {
            const { data } = await agent.app.bsky.feed.getPostThread({
              uri: at,
              depth: levels,
              parentHeight: 0,
            })
            return data.thread as Thread
          } catch (error) {
            if (error instanceof XRPCError && error.error === 'NotFound') return null
            // 502: the service passes the question on to a view that can't be reached; what lives with it, it still knows.
            viewless = error instanceof XRPCError && [404, 501, 502].includes(error.status)
            throw error
          }
        },
        session.again,
      )
      if (viewless) return null
      if (thread.outcome !== 'done') return { ...found, trouble: thread }
      if (thread.value) open.push(...collect(thread.value, { root, top: at }, found))
    }
  }
  return found
}

interface Thread {
  uri?: string
  blocked?: boolean
  post?: {
    uri: string
    cid: string
    author: { did: string; handle: string; displayName?: string }
    record: ReplyRecord
    embed?: { images?: ViewImage[]; media?: { images?: ViewImage[] } }
    replyCount?: number
  }
  replies?: Thread[]
}

/** Gathers the replies of a thread; answers with those on its lowest level that have answers of their own. */
function collect(thread: Thread, { root, top }: { root: string; top: string }, into: Found): string[] {
  const lowest = { level: 0, open: [] as string[] }
  const gather = ({ post, replies = [], uri, blocked }: Thread, level: number) => {
    if (blocked && uri && uri !== root) into.veiled.push(uri)
    if (!post) return
    if (post.uri !== root && post.uri !== top)
      into.replies.push({
        uri: post.uri,
        cid: post.cid,
        did: post.author.did,
        handle: post.author.handle,
        displayName: post.author.displayName,
        root,
        parent: post.record.reply?.parent?.uri ?? root,
        ...wordsIn(post.record),
        images: imagesOf(post.record, post.embed?.images ?? post.embed?.media?.images),
        answer: post,
      })
    if (level > lowest.level) Object.assign(lowest, { level, open: [] })
    if (level === lowest.level && replies.length === 0 && (post.replyCount ?? 0) > 0)
      lowest.open.push(post.uri)
    for (const reply of replies) gather(reply, level + 1)
  }
  gather(thread, 0)
  return lowest.open
}

/** On a service of one's own without such a view: the replies in the accounts that live there. */
async function repliesByRepositories(session: Session, roots: readonly string[]): Promise<Found> {
  const { agent } = session
  const wanted = new Set(roots)
  const handle = handles(agent)
  const found: Found = { replies: [], veiled: [], trouble: null }
  const ask = <Value>(work: () => Promise<Value>) => attempt(false, work, session.again)
  let cursor: string | undefined
  do {
    const page = await ask(() =>
      agent.com.atproto.sync.listRepos({ limit: 500, ...(cursor ? { cursor } : {}) }),
    )
    if (page.outcome !== 'done') return { ...found, trouble: page }
    for (const { did, active } of page.value.data.repos) {
      if (active === false) continue
      const kept = await ask(() => postsOf(agent, did, oldestOf(roots)))
      // An account that just closed refuses; it is not in the way of the others.
      if (kept.outcome === 'later') return { ...found, trouble: kept }
      if (kept.outcome === 'refused') continue
      for (const one of kept.value) {
        const root = (one.value as ReplyRecord).reply?.root?.uri
        const reply = root && wanted.has(root) ? replyIn(one, await handle(did)) : null
        if (reply) found.replies.push(reply)
      }
    }
    cursor = page.value.data.cursor
  } while (cursor)
  return found
}

/** The key of the oldest post: keys are made from the time, and no reply is older than what it answers. */
const oldestOf = (roots: readonly string[]) => roots.map(rkeyOf).sort()[0] ?? ''

async function postsOf(agent: AtpAgent, repo: string, since: string): Promise<Kept[]> {
  const kept: Kept[] = []
  let cursor: string | undefined
  do {
    const { data } = await agent.com.atproto.repo.listRecords({
      repo,
      collection: posts,
      limit: 100,
      ...(cursor ? { cursor } : {}),
    })
    kept.push(...(data.records as Kept[]))
    cursor = data.records.length === 100 ? data.cursor : undefined
  } while (cursor && cursor > since)
  return kept
}
