import sharp from 'sharp'
import { sequence } from '../src/archive/archive.ts'
import { deleteComment, submitComment } from '../src/comments/capture.ts'
import type { Person } from '../src/department/department.ts'
import { addImage, approvePost, publishNow, submitPost } from '../src/posts/posts.ts'
import { deletePost } from '../src/posts/publication.ts'
import { determineAppeal, noteAppeal } from '../src/requests/appeal.ts'
import { closeRequest } from '../src/requests/closure.ts'
import { enterRequest } from '../src/requests/requests.ts'
import {
  approveDisposition,
  enterPermission,
  orderDisposition,
  proposeDisposition,
} from '../src/retention/disposition.ts'
import { registerRetentionJobs } from '../src/retention/retention.ts'
import type { CommentId, PostId, RequestId } from '../src/storage/ids.ts'
import { square } from './square.ts'
import { done } from './town.ts'

/** The town, with posts, comments and requests from long ago whose retention is over, and the people to dispose of them. */
export async function past() {
  const millbrook = await square()
  const { installation, db, author, chief, own, setClock } = millbrook
  const officer = await millbrook.person('Nora Whitfield', 'Ms.', ['records-access-officer'])
  const ruth = await millbrook.person('Ruth Amsel', 'Capt.', ['supervisor'], true)
  await registerRetentionJobs(installation)
  /** A day by which everything from 2012 is due. */
  const asOf = '2026-01-01'

  /** A post of a year, taken off the department's own page two days later; the log holds its records. */
  async function oldPost(text: string, { year = 2012, image = false } = {}): Promise<PostId> {
    setClock(new Date(`${year}-05-04T12:00:00Z`))
    const post = await millbrook.draft(text, [own])
    if (image) {
      const picture = await sharp({
        create: { width: 40, height: 30, channels: 3, background: text.length % 2 ? 'teal' : 'olive' },
      })
        .withMetadata()
        .png()
        .toBuffer()
      post.version = done(
        await addImage(installation, author, post.id, post.version, picture, `Image: ${text}`),
      ).version
    }
    done(await submitPost(installation, author, post.id, post.version))
    done(await approvePost(installation, chief, post.id, post.version))
    done(await publishNow(installation, chief, post.id, post.version))
    await installation.jobs.run('post.publish')
    return post.id
  }
  async function takeOff(post: PostId, at: string) {
    setClock(new Date(at))
    done(await deletePost(installation, chief, post, 'Out of date'))
    await installation.jobs.run('post.delete')
    await settled()
  }
  /** A post of a year that is on no page any more. */
  async function closedPost(text: string, { year = 2012, image = false } = {}): Promise<PostId> {
    const post = await oldPost(text, { year, image })
    await takeOff(post, `${year}-05-06T12:00:00Z`)
    return post
  }
  /** A comment on a post, which its author deleted the same day. */
  async function closedComment(text: string, year = 2012, name = 'Pat Doyle'): Promise<CommentId> {
    setClock(new Date(`${year}-06-01T12:00:00Z`))
    const { comment, token } = done(
      await submitComment(installation, millbrook.submission(text, { name, email: 'pat@example.org' })),
    )
    done(await deleteComment(installation, comment as CommentId, token))
    await settled()
    return comment as CommentId
  }
  /** A request of a year; closed, unless it is to stay open. One that was opened again by an order was closed before. */
  async function oldRequest(
    text: string,
    { year = 2012, open = false, reopened = false } = {},
  ): Promise<RequestId> {
    setClock(new Date(`${year}-07-02T15:00:00Z`))
    const entered = await enterRequest(installation, officer, {
      text,
      name: 'Ada Quill',
      contact: { email: 'ada@example.org' },
      channel: 'letter',
      arrivedOn: `${year}-07-02`,
    })
    if (!('done' in entered)) throw new Error(JSON.stringify(entered))
    const close = (outcome: 'no-records' | 'provided', answer: string) =>
      closeRequest(installation, officer, entered.done.id, { outcome, answer, exemptions: [] })
    if (!open || reopened) done(await close('no-records', `Nothing about ${text}`))
    if (reopened) {
      const [receivedOn, determinedOn, due] = [`${year}-07-02`, `${year}-07-02`, `${year}-07-20`]
      done(await noteAppeal(installation, officer, entered.done.id, { receivedOn, reason: `About ${text}` }))
      done(
        await determineAppeal(installation, officer, entered.done.id, {
          ...{ outcome: 'overturned', determinedOn, due, feeCents: null, note: `It is ${text}` },
        }),
      )
      if (!open) done(await close('provided', `Here is ${text}`))
    }
    await settled()
    return entered.done.id
  }
  async function settled() {
    setClock(null)
    await sequence(db, installation.logKey)
  }

  const propose = async (series: string, by: Person = officer) =>
    done(await proposeDisposition(installation, by, { series, asOf, note: '' }))
  /** A run of everything that is due in a series, approved, permitted and ordered; nothing has been destroyed yet. */
  async function orderedRun(series: string) {
    const run = await propose(series)
    done(await enterPermission(installation, officer, run, { number: 'SPR-26-114', grantedOn: asOf }))
    done(await approveDisposition(installation, chief, run))
    done(await approveDisposition(installation, ruth, run))
    done(await orderDisposition(installation, officer, run))
    return run
  }
  /** Everything that the database holds, as text: what was destroyed must not be in it. */
  async function everything(): Promise<string> {
    const { rows: tables } = await millbrook.installation.pool.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    const texts = await Promise.all(
      tables.map(async ({ name }) =>
        (await millbrook.installation.pool.query(`select t::text from ${name} t`)).rows
          .map((row) => row.t)
          .join('\n'),
      ),
    )
    return texts.join('\n')
  }
  return {
    ...millbrook,
    officer,
    ruth,
    asOf,
    oldPost,
    takeOff,
    closedPost,
    closedComment,
    oldRequest,
    settled,
    propose,
    orderedRun,
    everything,
  }
}
