import { XRPCError } from '@atproto/api'
import type { CommentChange, KnownComment, Wire } from '../contract.ts'
import { recordWire } from '../wire.ts'
import { attempt, raw, type Trouble } from './attempt.ts'
import { handles } from './handles.ts'
import { type Kept, partsOf, posts, rkeyOf } from './kept-record.ts'
import { type Reply, replyIn } from './reply.ts'
import { gettingPictures } from './reply-pictures.ts'
import type { Session } from './session.ts'
import type { Found } from './threads.ts'

/** So many replies that are out of sight are looked up in one poll; the others have their turn in the next ones. */
const mostOutOfSight = 300

/** What is new, edited or gone, compared with the comments that are `known`; each change brings its own wire. */
export async function changesIn(
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

/**
 * The author's own clock says when it was written; one that is wrong is not believed. Nothing here is as old as 1970, and
 * a year before the database's first would keep the reply from being captured.
 */
function timeOf(text: string): Date {
  const at = new Date(text)
  return at.getTime() > 0 && at.getTime() <= Date.now() ? at : new Date()
}
