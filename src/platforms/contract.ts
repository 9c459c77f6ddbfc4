import type { Wire } from './wire.ts'

export type { Wire } from './wire.ts'

/** What every place where people post has to offer. Nothing above this folder knows a platform by name. */
export interface Platform {
  /** A stable name for storage: 'own', 'bluesky'. */
  readonly kind: string
  /** What people call it. */
  readonly title: string
  readonly capabilities: Capabilities
  /** The fields a page's administrator fills in to connect an account, e.g. service address, handle, app password. */
  readonly connectionFields: readonly ConnectionField[]
  /** A new id for a post in the platform's own form, where it takes ids of our choosing but not any id. */
  newClientId?(): string
  /** Opens the account that a page is kept with. Wrong credentials answer 'refused', not a throw. */
  connect(connection: Connection): Promise<Outcome<PlatformAccount>>
}

export interface ConnectionField {
  name: string
  label: string
  hint?: string
  secret?: boolean
  required?: boolean
}
/** What the fields hold, secrets opened; never logged. */
export interface Connection {
  /** The page's id, for platforms that keep their content in Plainview itself. */
  page: string
  /** The page's public address. */
  address: string
  /** Sign in anew, to try what somebody typed, instead of going on with a session that is still open. */
  fresh?: boolean
  fields: Readonly<Record<string, string>>
}

export interface Capabilities {
  /** Longest post, counted as the platform counts. */
  postLength: { max: number; unit: 'graphemes' | 'characters' }
  /** Room for the introduction and disclosures on the profile. */
  profileLength: { max: number; unit: 'graphemes' | 'characters' }
  images: { max: number; maxBytes: number; mediaTypes: readonly string[] }
  /** 'hidden-from-readers': the platform takes edits, but readers may go on seeing the first version. */
  edit: 'yes' | 'hidden-from-readers' | 'no'
  delete: boolean
  hideComments: boolean
  comments: 'received' | 'polled' | 'none'
  /** The platform takes an id of our choosing, so a retry can never post twice. */
  clientChosenId: boolean
  /** The platform carries a word to an author that nobody else reads; never a public answer, which would pillory them. */
  notices?: { max: number; unit: 'graphemes' | 'characters' }
  /** A page can keep an author from commenting; a sentence says what else that does to them there. */
  blocks?: { alsoDoes: string }
}

export interface PlatformAccount {
  /** The account's name as people see it. */
  readonly handle: string
  /** Publishes under `clientId`. Called again with the same id it answers with what is already there. */
  publish(post: OutgoingPost): Promise<Outcome<Published>>
  /** What is there under this id, or null: asked before a retry. */
  find(clientId: string): Promise<Outcome<Published | null>>
  edit(published: Published, post: OutgoingPost): Promise<Outcome<Published>>
  delete(published: Published): Promise<Outcome<Gone>>
  readProfile(): Promise<Outcome<Profile>>
  writeProfile(profile: ProfileText): Promise<Outcome<Profile>>
  /** Comments under `posts` new or changed; `known` are those already captured, so that edits and deletions show. */
  pollComments(posts: readonly Published[], known: readonly KnownComment[]): Promise<Polled>
  /** A comment by itself as it stands now, null when it is gone; its wire holds that comment and no other. */
  readComment?(remoteId: string): Promise<Outcome<(Raw & { version: string }) | null>>
  /** A picture that could not be had at first, by what its `missing.askFor` says. */
  readPicture?(askFor: string): Promise<Outcome<{ content: Uint8Array; mediaType: string }>>
  hideComment(remoteId: string): Promise<Outcome<Raw>>
  showComment(remoteId: string): Promise<Outcome<Raw>>
  /** Tells an author something in private, where `notices` says so. Asked again with the same text it sends nothing twice. */
  notifyAuthor?(notice: OutgoingNotice): Promise<Outcome<Raw>>
  /** Keeps an author from commenting, under an id of our choosing, and takes that back; both may be repeated. */
  blockAuthor?(block: OutgoingBlock): Promise<Outcome<Raw>>
  unblockAuthor?(block: OutgoingBlock): Promise<Outcome<Raw>>
}

export interface OutgoingNotice {
  /** The platform's id of the author, and of the comment that the notice is about. */
  author: string
  comment: string
  text: string
}

export interface OutgoingPost {
  clientId: string
  text: string
  link?: string
  images: readonly { content: Uint8Array; mediaType: string; alt: string; width: number; height: number }[]
  createdAt: Date
}

export interface OutgoingBlock {
  /** The platform's id of the author. */
  author: string
  clientId: string
  since: Date
}

/** The platform's own answer, kept in the archive as it came. */
export interface Raw {
  raw: { mediaType: string; content: Uint8Array }
}
export interface Published extends Raw {
  clientId: string
  /** The platform's id of the post (an at:// address, a number …). */
  remoteId: string
  /** The version's id where the platform has one (a CID, a revision). */
  version?: string
  url: string
}
export interface Gone extends Raw {
  remoteId: string
}
export interface ProfileText {
  displayName: string
  description: string
}
export interface Profile extends ProfileText, Raw {}

export interface KnownComment {
  remoteId: string
  version: string
}
/** What a poll brought; after trouble half-way, what it had brought before. */
export type Polled = Outcome<CommentChange[]> & { soFar?: readonly CommentChange[] }
export type CommentChange = Raw & {
  /** What went over the wire about this comment and no other. */
  wire?: Wire
  /** There was no time to read it by itself: `readComment` gives its wire when it is calm. */
  wireLater?: true
} & (
    | {
        change: 'new' | 'edited'
        remoteId: string
        version: string
        text: string
        author: RemoteAuthor
        /** Written with the page's own account. */
        byUs?: true
        on: string
        inReplyTo?: string
        postedAt: Date
        url?: string
        /** Its language (BCP 47), where the author or the platform says it. */
        language?: string
        pictures?: readonly CommentPicture[]
      }
    /** `because` says how it went when its author did not delete it: with their account. */
    | { change: 'deleted'; remoteId: string; because?: string }
  )
/** A picture in a comment, byte for byte as its author uploaded it where the platform gives that out. */
export interface CommentPicture {
  /** Null when it could not be had: the comment is captured all the same. */
  content: Uint8Array | null
  mediaType: string
  /** The author's description; '' without one. */
  alt: string
  /** Why `content` is null, and by what `readPicture` asks for it again. */
  missing?: { because: string; askFor?: string }
}
export interface RemoteAuthor {
  remoteId: string
  handle: string
  displayName?: string
}

/**
 * How a call to the outside world ended. 'refused': asking again the same way is useless, the sentence says what to do;
 * `reconnect` when the account no longer lets us in, and the page has to be connected again.
 * `wire` is what went over the wire in the call, without secrets; a platform that needs none has none.
 * 'later': rate limit, outage or time-out; `uncertain` when it may have happened all the same, so look before a retry.
 */
export type Outcome<Value> = { wire?: Wire } & (
  | { outcome: 'done'; value: Value }
  | { outcome: 'refused'; because: string; reconnect?: true; raw?: Raw['raw'] }
  | { outcome: 'later'; because: string; retryAfterSeconds?: number; uncertain: boolean; raw?: Raw['raw'] }
)

/** The platforms this installation offers. */
export interface Platforms {
  all(): readonly Platform[]
  /** Throws on a kind that no folder here implements: a page can't be registered with one. */
  get(kind: string): Platform
}
