import { createHash } from 'node:crypto'
import { AtpAgent, RichText, XRPCError } from '@atproto/api'
import type {
  CommentChange,
  CommentPicture,
  Connection,
  Outcome,
  OutgoingPost,
  Platform,
  PlatformAccount,
  Profile,
  Published,
} from '../contract.ts'
import { recordingFetch, recordWire, unrecorded } from '../wire.ts'
import { lacksAccess, longestMessage, sendMessage } from './direct-message.ts'
import { newTid } from './tid.ts'

const posts = 'app.bsky.feed.post'
const gates = 'app.bsky.feed.threadgate'
const profiles = 'app.bsky.actor.profile'
const blocks = 'app.bsky.graph.block'
/** What com.atproto.server says is about signing in: passwords, tokens, the account's e-mail address. */
const aboutSessions = /\/com\.atproto\.server\./
/** app.bsky.feed.threadgate holds no more hidden replies than this. */
const mostHidden = 300

/** Bluesky, or any other PDS of AT Protocol. `fetch` decides which addresses may be reached. */
export function bluesky(reach: { fetch: typeof globalThis.fetch }): Platform {
  const fetch = recordingFetch(reach.fetch, aboutSessions)
  const sessions: Sessions = new Map()
  return {
    kind: 'bluesky',
    title: 'Bluesky',
    capabilities: {
      postLength: { max: 300, unit: 'graphemes' },
      profileLength: { max: 256, unit: 'graphemes' },
      images: { max: 4, maxBytes: 1_000_000, mediaTypes: ['image/jpeg', 'image/png', 'image/webp'] },
      edit: 'hidden-from-readers',
      delete: true,
      hideComments: true,
      comments: 'polled',
      clientChosenId: true,
      notices: { max: longestMessage, unit: 'graphemes' },
      blocks: {
        alsoDoes:
          'On Bluesky a block also keeps this person, while they are signed in, from reading the page. Hiding single comments leaves them their right to read.',
      },
    },
    connectionFields: [
      {
        name: 'service',
        label: 'Service',
        hint: 'The address of the account’s server: https://bsky.social',
        required: true,
      },
      { name: 'handle', label: 'Handle', hint: 'town-police.bsky.social', required: true },
      {
        name: 'password',
        label: 'App password',
        hint: 'Made in Bluesky under Settings, Privacy and security, App passwords. Tick “Allow access to your direct messages”: authors of removed replies are told why in a private message.',
        secret: true,
        required: true,
      },
    ],
    newClientId: () => newTid(),
    connect: (connection) => connect(connection, fetch, sessions),
  }
}

/**
 * Sessions that are open, by service, handle and password. A service counts sign-ins (bsky.social allows 300 a day), and
 * an account is opened for each post and each look at its comments. Forgetting one costs a sign-in and nothing else.
 */
type Sessions = Map<string, Session>
interface Session {
  agent: AtpAgent
  fetch: typeof globalThis.fetch
  did: string
  handle: string
  /** What may be read nowhere in what is kept. */
  secrets(): (string | undefined)[]
  /** Signs in anew, when the service no longer takes the session that it gave. */
  again(): Promise<Outcome<unknown>>
}

async function connect(
  { fields, fresh }: Connection,
  fetch: typeof globalThis.fetch,
  sessions: Sessions,
): Promise<Outcome<PlatformAccount>> {
  const { service = '', handle = '', password = '' } = fields
  if (!URL.canParse(service))
    return { outcome: 'refused', because: 'The service has to be an address like https://bsky.social.' }
  const key = createHash('sha256')
    .update(JSON.stringify([service, handle, password]))
    .digest('hex')
  const open = fresh ? undefined : sessions.get(key)
  if (open) return done(accountOf(open))

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
  return done(accountOf(session))
}

const done = <Value>(value: Value): Outcome<Value> => ({ outcome: 'done', value })
const raw = (what: unknown) => ({
  raw: { mediaType: 'application/json', content: new TextEncoder().encode(JSON.stringify(what)) },
})

/** Calls the service; `effect` says whether a call without an answer may have happened all the same. */
async function attempt<Value>(
  effect: boolean,
  call: () => Promise<Value>,
  again?: Session['again'],
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

function troubleOf(error: unknown, effect: boolean): Exclude<Outcome<never>, { outcome: 'done' }> {
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

const missing = (error: unknown) =>
  error instanceof XRPCError &&
  (error.error === 'RecordNotFound' || /could not (?:locate|find) record/i.test(error.message))

interface Kept {
  uri: string
  cid: string
  value: Record<string, unknown>
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
    pollComments: (published, known) =>
      attempt(
        false,
        async () => {
          const roots = published.map((one) => one.remoteId)
          const replies =
            (await repliesByAppView(agent, roots)) ?? (await repliesByRepositories(agent, roots))
          return changesIn(
            session,
            replies.filter((reply) => reply.did !== did),
            known,
            read,
          )
        },
        session.again,
      ),
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

/** at://did/collection/rkey */
function partsOf(uri: string) {
  const [did = '', , rkey = ''] = uri.replace('at://', '').split('/')
  return { did, rkey }
}
const rkeyOf = (uri: string) => partsOf(uri).rkey

async function recordOf(agent: AtpAgent, post: OutgoingPost) {
  const text = post.link && post.images.length > 0 ? `${post.text}\n${post.link}` : post.text
  const rich = new RichText({ text })
  if (rich.graphemeLength > 300)
    throw new XRPCError(400, 'TooLong', 'with its link the post has more than 300 characters')
  rich.detectFacetsWithoutResolution()
  // Without resolving, a mention names no account; links and tags need none.
  const facets = rich.facets?.filter((facet) =>
    facet.features.every((feature) => feature.$type !== 'app.bsky.richtext.facet#mention'),
  )
  const images = []
  for (const image of post.images) {
    const { data } = await agent.uploadBlob(image.content, { encoding: image.mediaType })
    images.push({
      image: data.blob,
      alt: image.alt,
      aspectRatio: { width: image.width, height: image.height },
    })
  }
  const embed =
    images.length > 0
      ? { $type: 'app.bsky.embed.images', images }
      : post.link
        ? {
            $type: 'app.bsky.embed.external',
            external: { uri: post.link, title: new URL(post.link).hostname, description: '' },
          }
        : undefined
  return {
    $type: posts,
    text: rich.text,
    createdAt: post.createdAt.toISOString(),
    langs: ['en'],
    ...(facets && facets.length > 0 ? { facets } : {}),
    ...(embed ? { embed } : {}),
  }
}

interface Reply {
  uri: string
  cid: string
  did: string
  handle: string
  displayName?: string | undefined
  text: string
  root: string
  parent: string
  createdAt: string
  language: string | undefined
  images: ReplyImage[]
  answer: unknown
}
/** A picture as the reply's record has it, and where the view shows a rendition of it. */
interface ReplyImage {
  cid: string
  mediaType: string
  alt: string
  rendition: string | undefined
}

/** The replies as Bluesky's view of the network shows them; null where no such view answers. */
async function repliesByAppView(agent: AtpAgent, roots: readonly string[]): Promise<Reply[] | null> {
  const replies: Reply[] = []
  for (const uri of roots) {
    try {
      const { data } = await agent.app.bsky.feed.getPostThread({ uri, depth: 100, parentHeight: 0 })
      collect(data.thread as Thread, uri, replies)
    } catch (error) {
      if (error instanceof XRPCError && error.error === 'NotFound') continue
      // 502: the service passes the question on to a view that can't be reached; what lives with it, it still knows.
      if (error instanceof XRPCError && [404, 501, 502].includes(error.status)) return null
      throw error
    }
  }
  return replies
}

interface Thread {
  post?: {
    uri: string
    cid: string
    author: { did: string; handle: string; displayName?: string }
    record: ReplyRecord & { reply?: { parent?: { uri?: string } } }
    embed?: { images?: ViewImage[]; media?: { images?: ViewImage[] } }
  }
  replies?: Thread[]
}

interface ReplyRecord {
  text?: string
  createdAt?: string
  langs?: string[]
  embed?: { images?: RecordImage[]; media?: { images?: RecordImage[] } }
}
/** app.bsky.embed.images, by itself or beside a quoted post (recordWithMedia). */
interface RecordImage {
  alt?: string
  image?: { ref?: unknown; mimeType?: string }
}
interface ViewImage {
  fullsize?: string
}

function imagesOf(record: ReplyRecord, view: ViewImage[] = []): ReplyImage[] {
  const images = record.embed?.images ?? record.embed?.media?.images ?? []
  return images.map(({ alt, image }, n) => ({
    cid: String((image?.ref as { $link?: string } | undefined)?.$link ?? image?.ref ?? ''),
    mediaType: image?.mimeType ?? 'image/jpeg',
    alt: alt ?? '',
    rendition: view[n]?.fullsize,
  }))
}

function collect(thread: Thread, root: string, into: Reply[]) {
  const { post } = thread
  if (post && post.uri !== root)
    into.push({
      uri: post.uri,
      cid: post.cid,
      did: post.author.did,
      handle: post.author.handle,
      displayName: post.author.displayName,
      text: post.record.text ?? '',
      root,
      parent: post.record.reply?.parent?.uri ?? root,
      createdAt: post.record.createdAt ?? '',
      language: post.record.langs?.[0],
      images: imagesOf(post.record, post.embed?.images ?? post.embed?.media?.images),
      answer: post,
    })
  for (const reply of thread.replies ?? []) collect(reply, root, into)
}

/** On a service of one's own without such a view: the replies in the accounts that live there. */
async function repliesByRepositories(agent: AtpAgent, roots: readonly string[]): Promise<Reply[]> {
  const wanted = new Set(roots)
  const replies: Reply[] = []
  let cursor: string | undefined
  do {
    const { data } = await agent.com.atproto.sync.listRepos({ limit: 500, ...(cursor ? { cursor } : {}) })
    for (const { did } of data.repos) {
      const { data: found } = await agent.com.atproto.repo.listRecords({
        repo: did,
        collection: posts,
        limit: 100,
      })
      for (const kept of found.records as Kept[]) {
        const reply = kept.value.reply as { root?: { uri: string }; parent?: { uri: string } } | undefined
        if (!reply?.root || !wanted.has(reply.root.uri)) continue
        const { data: account } = await agent.com.atproto.repo.describeRepo({ repo: did })
        replies.push({
          uri: kept.uri,
          cid: kept.cid,
          did,
          handle: account.handle,
          text: String(kept.value.text ?? ''),
          root: reply.root.uri,
          parent: reply.parent?.uri ?? reply.root.uri,
          createdAt: String(kept.value.createdAt ?? ''),
          language: (kept.value as ReplyRecord).langs?.[0],
          images: imagesOf(kept.value),
          answer: kept,
        })
      }
    }
    cursor = data.cursor
  } while (cursor)
  return replies
}

/** The author's own file where its server gives it out, else the view's rendition of it, else nothing but its description. */
async function pictureOf(
  { agent, fetch }: Session,
  did: string,
  { cid, mediaType, alt, rendition }: ReplyImage,
): Promise<CommentPicture> {
  try {
    const { data } = await agent.com.atproto.sync.getBlob({ did, cid })
    return { content: data, mediaType, alt }
  } catch (error) {
    if (error instanceof XRPCError && error.status === 429) throw error
  }
  const shown = rendition ? await fetch(rendition).catch(() => null) : null
  return {
    content: shown?.ok ? new Uint8Array(await shown.arrayBuffer()) : null,
    mediaType: shown?.headers.get('content-type')?.split(';')[0] ?? mediaType,
    alt,
  }
}

async function changesIn(
  session: Session,
  replies: readonly Reply[],
  known: readonly { remoteId: string; version: string }[],
  read: (collection: string, rkey: string, of: string) => Promise<Kept | null>,
): Promise<CommentChange[]> {
  const versions = new Map(known.map((one) => [one.remoteId, one.version]))
  const changes: CommentChange[] = []
  const readAlone = readingAlone(read)
  for (const reply of replies.filter(({ uri, cid }) => versions.get(uri) !== cid)) {
    const { value: pictures, wire } = await recordWire(session.secrets, async () => {
      await readAlone(reply)
      const found: CommentPicture[] = []
      for (const image of reply.images) found.push(await pictureOf(session, reply.did, image))
      return found
    })
    changes.push({
      change: versions.has(reply.uri) ? 'edited' : 'new',
      remoteId: reply.uri,
      version: reply.cid,
      text: reply.text,
      author: {
        remoteId: reply.did,
        handle: reply.handle,
        ...(reply.displayName ? { displayName: reply.displayName } : {}),
      },
      on: reply.root,
      ...(reply.parent === reply.root ? {} : { inReplyTo: reply.parent }),
      postedAt: timeOf(reply.createdAt),
      url: `https://bsky.app/profile/${reply.did}/post/${rkeyOf(reply.uri)}`,
      ...(reply.language ? { language: reply.language } : {}),
      ...(pictures.length > 0 ? { pictures } : {}),
      ...raw(reply.answer),
      wire,
    })
  }
  const seen = new Set(replies.map((reply) => reply.uri))
  for (const { remoteId } of known) {
    if (seen.has(remoteId)) continue
    // Not in the thread: perhaps only out of sight. Gone is what its own account does not hold any more.
    const { did, rkey } = partsOf(remoteId)
    const { value: there, wire } = await recordWire(session.secrets, () => read(posts, rkey, did))
    if (there === null)
      changes.push({
        change: 'deleted',
        remoteId,
        ...raw({ service: session.agent.serviceUrl, missing: remoteId }),
        wire,
      })
  }
  return changes
}

/** In a rush the comments come first: so many are read by themselves in one poll. */
const mostAlone = 200

/**
 * Reads new replies by themselves, so that what is kept of the wire holds one comment. It is done beside the capture and
 * never hinders it: after a call that fails, the rest is captured without it.
 */
function readingAlone(read: (collection: string, rkey: string, of: string) => Promise<unknown>) {
  let left = mostAlone
  return async ({ uri, did }: Reply): Promise<void> => {
    if (left <= 0) return
    left -= 1
    await read(posts, rkeyOf(uri), did).catch(() => {
      left = 0
    })
  }
}

/** The author's own clock says when it was written; one that is wrong is not believed. */
function timeOf(text: string): Date {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) || at.getTime() > Date.now() ? new Date() : at
}
