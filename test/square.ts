import { submitComment } from '../src/comments/capture.ts'
import { pollComments, registerCommentJobs } from '../src/comments/poll.job.ts'
import { approvePage, registerPage } from '../src/pages/pages.ts'
import type {
  CommentChange,
  Outcome,
  OutgoingNotice,
  Platform,
  Polled,
  Raw,
} from '../src/platforms/contract.ts'
import { ownPage } from '../src/platforms/own/own.ts'
import { approvePost, publishNow, submitPost } from '../src/posts/posts.ts'
import type { CommentId, PageId } from '../src/storage/ids.ts'
import { done, pageEntry, town } from './town.ts'
import { exchangeOf } from './warc.ts'

/**
 * A town where people talk, for tests: the town's page on a fake platform with comments that a test sets, and a
 * page of the department's own, each with a published post; and two moderators.
 */
export async function square() {
  const millbrook = await town({ hideComments: true })
  const { installation, fake, pio, chief, db } = millbrook
  const remote = commentsOf(fake.platform)

  const hosted = ownPage(installation)
  const offered = [fake.platform, hosted]
  installation.platforms = {
    all: () => offered,
    get: (kind) => offered.find((one) => one.kind === kind) ?? fake.platform,
  }
  await registerCommentJobs(installation)

  const entry = { ...pageEntry, title: 'Town news', address: '', slug: 'town-news' }
  const own = done(await registerPage(installation, pio, 'own', entry, [pio.id]))
  done(await approvePage(installation, chief, own, { revision: 1, reasons: '' }))

  const publish = async (text: string, pages: PageId[]) => {
    const post = await millbrook.draft(text, pages)
    done(await submitPost(installation, millbrook.author, post.id, post.version))
    done(await approvePost(installation, chief, post.id, post.version))
    done(await publishNow(installation, chief, post.id, post.version))
    await installation.jobs.run('post.publish')
    const publication = await db
      .selectFrom('publication')
      .selectAll()
      .where('post', '=', post.id)
      .executeTakeFirstOrThrow()
    return { ...post, publication }
  }
  const storm = await publish('The storm shelter is open.', [own])
  const remoteStorm = await publish('The storm shelter is open tonight.', [millbrook.page])

  const avery = await millbrook.person('Avery Stone', 'Officer', ['moderator'])
  const quinn = await millbrook.person('Quinn Baker', 'Officer', ['moderator'])

  const on = remoteStorm.publication.remote_id ?? ''
  /** Has the platform tell of these changes in one poll. */
  const arrive = async (...changes: CommentChange[]) => {
    remote.changes = changes
    await pollComments(installation)
    remote.changes = []
  }
  const remoteRow = (remoteId: string) =>
    db.selectFrom('comment').selectAll().where('remote_id', '=', remoteId).executeTakeFirstOrThrow()
  /** A comment under the post on the platform, once it is captured. */
  const commentedThere = async (remoteId: string, text: string, more: Parameters<typeof told>[3] = {}) => {
    await arrive(told(on, remoteId, text, more))
    return remoteRow(remoteId)
  }

  let visitors = 0
  const submission = (text: string, more: object = {}) => ({
    page: own,
    publication: storm.publication.id,
    name: 'Pat Doyle',
    text,
    honeypot: '',
    clientAddress: `203.0.113.${visitors++}`,
    ...more,
  })
  /** A visitor's comment on the own page. */
  const commented = async (text: string, more: object = {}): Promise<CommentId> =>
    done(await submitComment(installation, submission(text, more))).comment as CommentId
  const commentRow = (id: CommentId) =>
    db.selectFrom('comment').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  /** The records of a comment, oldest first. */
  const kindsOf = async (id: string) =>
    (
      await db
        .selectFrom('record')
        .select('kind')
        .where('subject_kind', '=', 'comment')
        .where('subject_id', '=', id)
        .orderBy('id')
        .execute()
    ).map(({ kind }) => kind)
  return {
    ...millbrook,
    own,
    storm,
    remoteStorm,
    /** The platform's id of the post there. */
    on,
    remote,
    arrive,
    commentedThere,
    remoteRow,
    avery,
    quinn,
    publish,
    submission,
    commented,
    commentRow,
    kindsOf,
  }
}

const answer = (what: object): Raw => ({
  raw: { mediaType: 'application/json', content: new TextEncoder().encode(JSON.stringify(what)) },
})

/** Gives a fake platform comments: a test says what the next poll answers, and sees what was hidden. */
function commentsOf(platform: Platform) {
  const state = {
    /** What the platform answers to a poll, as long as nothing else is set. */
    changes: [] as CommentChange[],
    /** What we told it that we know, at the last poll. */
    known: [] as readonly { remoteId: string; version: string }[],
    poll: null as Polled | null,
    /** Pictures that can be had, by what they are asked for; a trouble stands for how it ends otherwise. */
    pictures: new Map<string, Uint8Array | Exclude<Outcome<never>, { outcome: 'done' }>>(),
    /** The version of each comment that can be read by itself. */
    alone: new Map<string, string>(),
    /** What happens elsewhere while the platform answers a poll. */
    meanwhile: null as (() => Promise<unknown>) | null,
    hidden: new Set<string>(),
    /** What authors were told, the same words once. */
    told: [] as OutgoingNotice[],
    /** Whom the page blocks, by the id that we chose. */
    blocked: new Map<string, string>(),
    calls: [] as string[],
    /** How the next hiding or showing ends, after the platform did it. */
    trouble: null as Error | Exclude<Outcome<never>, { outcome: 'done' }> | null,
  }
  const act = async (call: string, work: () => void): Promise<Outcome<Raw>> => {
    state.calls.push(call)
    work()
    const { trouble } = state
    state.trouble = null
    if (trouble instanceof Error) throw trouble
    return trouble ?? { outcome: 'done', value: answer({ call }) }
  }
  const connect = platform.connect.bind(platform)
  platform.connect = async (connection) => {
    const account = await connect(connection)
    if (account.outcome !== 'done') return account
    return {
      outcome: 'done',
      value: {
        ...account.value,
        pollComments: async (_posts, known) => {
          state.known = known
          const answer: Polled = state.poll ?? { outcome: 'done', value: [...state.changes] }
          await state.meanwhile?.()
          return answer
        },
        readPicture: async (askFor) => {
          state.calls.push(`picture ${askFor}`)
          const there = state.pictures.get(askFor)
          if (!(there instanceof Uint8Array))
            return there ?? { outcome: 'refused', because: 'There is no such picture.' }
          const value = { content: there, mediaType: 'image/png' }
          return { outcome: 'done', value, wire: [exchangeOf(`the picture ${askFor}`)] }
        },
        readComment: async (remoteId) => {
          const version = state.alone.get(remoteId)
          const value = version ? { version, ...answer({ remoteId }) } : null
          return { outcome: 'done', value, wire: [exchangeOf(`alone ${remoteId}`)] }
        },
        hideComment: (id) => act(`hide ${id}`, () => state.hidden.add(id)),
        showComment: (id) => act(`show ${id}`, () => state.hidden.delete(id)),
        blockAuthor: ({ author, clientId }) =>
          act(`block ${author}`, () => state.blocked.set(clientId, author)),
        unblockAuthor: ({ author, clientId }) =>
          act(`unblock ${author}`, () => state.blocked.delete(clientId)),
        notifyAuthor: (notice) =>
          act(`tell ${notice.author}`, () => {
            if (!state.told.some(({ text }) => text === notice.text)) state.told.push(notice)
          }),
      },
    }
  }
  return state
}

/** A comment as a platform tells of it. */
export const told = (
  on: string,
  remoteId: string,
  text: string,
  more: Partial<Extract<CommentChange, { text: string }>> = {},
): CommentChange => ({
  change: 'new',
  remoteId,
  version: '1',
  text,
  on,
  author: { remoteId: 'did:fake:jo', handle: 'jo.example', displayName: 'Jo Reyes' },
  postedAt: new Date('2026-05-01T12:00:00Z'),
  ...answer({ remoteId, text }),
  ...more,
})

export const toldGone = (remoteId: string): CommentChange => ({
  change: 'deleted',
  remoteId,
  ...answer({ remoteId, gone: true }),
})
