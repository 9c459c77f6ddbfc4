import { createHash } from 'node:crypto'
import { AtpAgent, RichText, XRPCError } from '@atproto/api'
import type {
  CommentChange,
  CommentPicture,
  Connection,
  KnownComment,
  Outcome,
  OutgoingPost,
  Platform,
  PlatformAccount,
  Profile,
  Published,
  Wire,
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
  (error.error === 'RecordNotFound' ||
    /could not (?:locate record|find (?:record|repo))/i.test(error.message))

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
    async pollComments(published, known) {
      const roots = published.map((one) => one.remoteId)
      const found = (await repliesByAppView(session, roots)) ?? (await repliesByRepositories(session, roots))
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
  rendition?: string | undefined
}

type Trouble = Exclude<Outcome<never>, { outcome: 'done' }>

/** What a reading of threads brought before the trouble, if there was any. */
interface Found {
  replies: Reply[]
  /** Replies that stand in a thread without their words: their author blocked the page, or the page them. */
  veiled: string[]
  trouble: Trouble | null
}

/** The view gives no more levels than it likes, ten at present, whatever is asked for. */
const levels = 1000

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

interface ReplyRecord {
  text?: string
  createdAt?: string
  langs?: string[]
  embed?: { images?: RecordImage[]; media?: { images?: RecordImage[] } }
  reply?: { root?: { uri?: string }; parent?: { uri?: string } }
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

const wordsIn = (record: ReplyRecord) => ({
  text: String(record.text ?? ''),
  createdAt: String(record.createdAt ?? ''),
  language: record.langs?.[0],
})

/** A reply as its author's account holds it, which knows nothing of renditions. */
const replyIn = (kept: Kept, handle: string): Reply | null => {
  const record = kept.value as ReplyRecord
  const root = record.reply?.root?.uri
  if (!root) return null
  return {
    uri: kept.uri,
    cid: kept.cid,
    did: partsOf(kept.uri).did,
    handle,
    root,
    parent: record.reply?.parent?.uri ?? root,
    ...wordsIn(record),
    images: imagesOf(record),
    answer: kept,
  }
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

/** Looks names up once each; an account that can't be asked goes by its id. */
function handles(agent: AtpAgent): (did: string) => Promise<string> {
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

/** How `readPicture` is asked for a picture again. */
interface WantedPicture extends Omit<ReplyImage, 'alt'> {
  did: string
}

/** The author's own file where its server gives it out, else the view's rendition of it. */
async function pictureOf(
  { agent, fetch }: Session,
  { did, cid, mediaType, rendition }: WantedPicture,
): Promise<{ content: Uint8Array; mediaType: string }> {
  try {
    const { data } = await agent.com.atproto.sync.getBlob({ did, cid })
    return { content: data, mediaType }
  } catch (error) {
    if (!rendition || (error instanceof XRPCError && error.status === 429)) throw error
    const shown = await fetch(rendition)
    if (!shown.ok) throw error
    const shownType = shown.headers.get('content-type')?.split(';')[0]
    return { content: new Uint8Array(await shown.arrayBuffer()), mediaType: shownType ?? mediaType }
  }
}

/** Gets pictures; once a service asks us to wait it is asked for no other. */
function gettingPictures(session: Session): (reply: Reply) => Promise<CommentPicture[]> {
  let busy: string | null = null
  return async ({ did, images }) => {
    const pictures: CommentPicture[] = []
    for (const { alt, ...image } of images) {
      const wanted: WantedPicture = { did, ...image }
      const had = busy ? null : await attempt(false, () => pictureOf(session, wanted))
      if (had?.outcome === 'done') pictures.push({ ...had.value, alt })
      else {
        if (had?.outcome === 'later') busy = had.because
        const because = had?.because ?? busy ?? ''
        const missing = { because, askFor: JSON.stringify(wanted) }
        pictures.push({ content: null, mediaType: image.mediaType, alt, missing })
      }
    }
    return pictures
  }
}

/** So many replies that are out of sight are looked up in one poll; the others have their turn in the next ones. */
const mostOutOfSight = 300

async function changesIn(
  session: Session,
  { replies, veiled, trouble }: Found,
  known: readonly KnownComment[],
  read: (collection: string, rkey: string, of: string) => Promise<Kept | null>,
): Promise<{ changes: CommentChange[]; trouble: Trouble | null }> {
  const versions = new Map(known.map((one) => [one.remoteId, one.version]))
  const changes: CommentChange[] = []
  const readAlone = readingAlone(read)
  const picturesOf = gettingPictures(session)
  const handle = handles(session.agent)
  const add = async (reply: Reply, before: Wire = []) => {
    const { value, wire } = await recordWire(session.secrets, async () => ({
      alone: before.length > 0 || (await readAlone(reply)),
      pictures: await picturesOf(reply),
    }))
    const { alone, pictures } = value
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
      ...(reply.did === session.did ? { byUs: true } : {}),
      on: reply.root,
      ...(reply.parent === reply.root ? {} : { inReplyTo: reply.parent }),
      postedAt: timeOf(reply.createdAt),
      url: `https://bsky.app/profile/${reply.did}/post/${rkeyOf(reply.uri)}`,
      ...(reply.language ? { language: reply.language } : {}),
      ...(pictures.length > 0 ? { pictures } : {}),
      ...raw(reply.answer),
      wire: [...before, ...wire],
      ...(alone ? {} : { wireLater: true }),
    })
  }
  for (const reply of replies) if (versions.get(reply.uri) !== reply.cid) await add(reply)
  if (trouble) return { changes, trouble }

  const seen = new Set(replies.map((reply) => reply.uri))
  const outOfSight = [...new Set([...veiled, ...versions.keys()])].filter((uri) => !seen.has(uri))
  for (const uri of inTurn(outOfSight, mostOutOfSight)) {
    const { did, rkey } = partsOf(uri)
    const { value: there, wire } = await recordWire(session.secrets, () =>
      attempt(false, () => read(posts, rkey, did), session.again),
    )
    if (there.outcome === 'done' && there.value) {
      const reply = there.value.cid === versions.get(uri) ? null : replyIn(there.value, await handle(did))
      if (reply) await add(reply, wire)
      continue
    }
    // Gone is what its own account does not hold any more; and with an account that is closed all it held is gone.
    const { value: because, wire: asked } = await recordWire(session.secrets, () => whyClosed(session, did))
    if (there.outcome === 'later' && !because) return { changes, trouble: there }
    // That somebody refuses to say is no deletion.
    if (versions.has(uri) && (there.outcome === 'done' || because))
      changes.push({
        change: 'deleted',
        remoteId: uri,
        ...(because ? { because } : {}),
        ...raw({ service: session.agent.serviceUrl, missing: uri }),
        wire: because ? [...wire, ...asked] : wire,
      })
  }
  return { changes, trouble: null }
}

/** A part of a list that does not fit into one poll: another part each minute. */
function inTurn<Thing>(all: readonly Thing[], most: number): Thing[] {
  const from = (Math.floor(Date.now() / 60_000) * most) % Math.max(1, all.length)
  return all.length <= most ? [...all] : [...all.slice(from), ...all.slice(0, from)].slice(0, most)
}

/** Why an account's posts are not there, when it is not that their author deleted one of them; null when it is open. */
async function whyClosed({ agent }: Session, did: string): Promise<string | null> {
  const status = await agent.com.atproto.sync.getRepoStatus({ did }).then(
    ({ data }) => (data.active ? 'open' : (data.status ?? 'closed')),
    (): null => null,
  )
  // The account's own service may be another one; the view knows what it was told.
  const told =
    status ??
    (await agent.app.bsky.actor.getProfile({ actor: did }).then(
      () => 'open',
      (error) => (error instanceof XRPCError ? (error.error ?? '') : ''),
    ))
  if (/takendown|takedown|suspended/i.test(told)) return 'The platform closed its author’s account.'
  if (/deactivated/i.test(told)) return 'Its author deactivated their account.'
  if (/deleted/i.test(told)) return 'Its author’s account was deleted.'
  return null
}

/** In a rush the comments come first: so many are read by themselves in one poll. */
const mostAlone = 200

/**
 * Reads new replies by themselves, so that what is kept of the wire holds one comment; answers whether it did. It is done
 * beside the capture and never hinders it: after a call that fails, the rest is captured without it, and read later.
 */
function readingAlone(read: (collection: string, rkey: string, of: string) => Promise<unknown>) {
  let left = mostAlone
  return async ({ uri, did }: Reply): Promise<boolean> => {
    if (left <= 0) return false
    left -= 1
    return read(posts, rkeyOf(uri), did).then(
      () => true,
      () => {
        left = 0
        return false
      },
    )
  }
}

/** The author's own clock says when it was written; one that is wrong is not believed. */
function timeOf(text: string): Date {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) || at.getTime() > Date.now() ? new Date() : at
}
