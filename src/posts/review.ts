import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  departmentProfile,
  type Person,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages } from '../pages/pages.ts'
import type { Tx } from '../storage/database.ts'
import { newId, type PostId } from '../storage/ids.ts'
import { lockPost, type Post, whatOf } from './store.ts'
import { authorLine, misfits, textFor } from './wording.ts'

/** Asks for approval of the version on the screen, and keeps it as it is now. */
export function submitPost(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
): Promise<Answer<PostId>> {
  return installation.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post) return problem('This post does not exist.')
    if (post.version !== version)
      return problem(
        `${post.lastEditor ?? 'Somebody'} changed this post since you opened it. Read it again first.`,
      )
    if (post.state !== 'draft')
      return problem('This version was submitted already. Change something to submit again.')
    const problems = await shortcomings(tx, installation, post)
    if (Object.keys(problems).length > 0) return { problems }
    const decision = await consider(
      tx,
      installation,
      person,
      'post.submit',
      await whatOf(tx, installation, post),
    )
    if (!decision.allowed) return { denied: decision }

    const at = installation.now()
    const images = post.images.map(({ blob, media_type, bytes, width, height, alt }) => ({
      blob,
      media_type,
      bytes,
      width,
      height,
      alt,
    }))
    await tx
      .insertInto('post_version')
      .values({
        post: id,
        version,
        text: post.text,
        link: post.link,
        pages: post.pages,
        images: JSON.stringify(images),
        saved_by: person.id,
        saved_at: at,
      })
      .execute()
    await tx
      .insertInto('submission')
      .values({ id: newId(), post: id, version, author: person.id, at })
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'post.submission',
      subject: { kind: 'post', id },
      by: whoIs(person),
      decision,
      content: { version, text: post.text, link: post.link, pages: post.pages, images },
      words: [post.text, ...images.map((image) => image.alt)].join('\n'),
      blobs: images.map((image) => ({
        sha256: image.blob,
        bytes: image.bytes,
        mediaType: image.media_type,
        role: 'image',
      })),
    })
    return { done: id }
  })
}

/** Approves the version that the reviewer read. Of two reviewers at once the first wins; the other is told who it was. */
export function approvePost(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
): Promise<Answer<PostId>> {
  return installation.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, id)
    const overtaken = await overtakenBy(tx, post, version)
    if (!post || overtaken) return problem(overtaken ?? 'This post does not exist.')
    const decision = await consider(
      tx,
      installation,
      person,
      'post.approve',
      await whatOf(tx, installation, post),
    )
    if (!decision.allowed) return { denied: decision }

    await tx
      .insertInto('approval')
      .values({ id: newId(), post: id, version, author: person.id, at: installation.now() })
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'post.approval',
      subject: { kind: 'post', id },
      by: whoIs(person),
      decision,
      content: { version },
      words: post.text,
    })
    return { done: id }
  })
}

/** Sends the version back to its author, with what to change. */
export async function sendBack(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
  comments: string,
): Promise<Answer<PostId>> {
  if (!comments.trim()) return { problems: { comments: 'Say what the author should change.' } }
  return installation.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, id)
    const overtaken = await overtakenBy(tx, post, version)
    if (!post || overtaken) return problem(overtaken ?? 'This post does not exist.')
    const decision = await consider(
      tx,
      installation,
      person,
      'post.sendBack',
      await whatOf(tx, installation, post),
    )
    if (!decision.allowed) return { denied: decision }

    await tx
      .insertInto('post_return')
      .values({ id: newId(), post: id, version, author: person.id, at: installation.now(), comments })
      .execute()
    await append(tx, {
      at: installation.now(),
      kind: 'post.return',
      subject: { kind: 'post', id },
      by: whoIs(person),
      decision,
      content: { version, comments },
      words: `${comments}\n${post.text}`,
    })
    return { done: id }
  })
}

/** What a post still lacks before anybody can review it, beside the fields concerned. */
async function shortcomings(tx: Tx, installation: Installation, post: Post) {
  const problems: Record<string, string> = {}
  if (!post.text.trim()) problems.text = 'Write the post first.'
  if (post.pages.length === 0) problems.pages = 'Choose at least one page.'
  for (const image of post.images)
    if (!image.alt.trim()) problems[`alt-${image.id}`] = 'Describe this image for people who can’t see it.'
  const department = (await departmentProfile(tx))?.name ?? ''
  const author = { name: post.authorName, title: post.authorTitle }
  const chosen = (await allPages(tx)).filter((page) => post.pages.includes(page.id))
  const tooMuch = chosen.flatMap((page) =>
    misfits(
      page,
      installation.platforms.get(page.platform).capabilities,
      textFor(post.text, authorLine(page.authorLine, author, department)),
      post.images,
    ),
  )
  if (tooMuch.length > 0 && !problems.text) problems.text = tooMuch.join(' ')
  return problems
}

/** Why this version can no longer be decided on, in words for the one who tried. */
async function overtakenBy(tx: Tx, post: Post | null, version: number): Promise<string | null> {
  if (!post) return 'This post does not exist.'
  if (post.version !== version)
    return `${post.lastEditor ?? 'Somebody'} changed this post since you opened it. Read the new version before you decide.`
  if (post.state === 'submitted') return null
  if (post.state === 'draft') return 'This post was not submitted for approval yet.'
  if (post.state === 'deleted') return 'This post was deleted a moment ago.'
  const table = post.state === 'returned' ? 'post_return' : 'approval'
  const verdict = await tx
    .selectFrom(table)
    .innerJoin('person', 'person.id', 'author')
    .select(['person.name', 'person.title'])
    .where('post', '=', post.id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  const who = `${verdict.title} ${verdict.name}`.trim()
  return `${who} ${post.state === 'returned' ? 'sent this back' : 'approved this'} a moment ago.`
}
