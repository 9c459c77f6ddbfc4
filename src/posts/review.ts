import { type Answer, departmentProfile, type Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages } from '../pages/pages.ts'
import type { Tx } from '../storage/database.ts'
import { newId, type PostId } from '../storage/ids.ts'
import { decideOn } from './deciding.ts'
import type { Post } from './store.ts'
import { authorLine, misfits, textFor } from './wording.ts'

/** Asks for approval of the version on the screen, and keeps it as it is now. */
export function submitPost(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
): Promise<Answer<PostId>> {
  return decideOn(installation, person, id, {
    action: 'post.submit',
    async hindrance(tx, post) {
      if (post.version !== version)
        return `${post.lastEditor ?? 'Somebody'} changed this post since you opened it. Read it again first.`
      if (post.state !== 'draft')
        return 'This version was submitted already. Change something to submit again.'
      const problems = await shortcomings(tx, installation, post)
      return Object.keys(problems).length > 0 ? problems : null
    },
    async change(tx, post, at) {
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
      return {
        kind: 'post.submission',
        content: { version, text: post.text, link: post.link, pages: post.pages, images },
        words: [post.text, ...images.map((image) => image.alt)].join('\n'),
        blobs: images.map((image) => ({
          sha256: image.blob,
          bytes: image.bytes,
          mediaType: image.media_type,
          role: 'image',
        })),
      }
    },
  })
}

/** Approves the version that the reviewer read. Of two reviewers at once the first wins; the other is told who it was. */
export function approvePost(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
): Promise<Answer<PostId>> {
  return decideOn(installation, person, id, {
    action: 'post.approve',
    hindrance: (tx, post) => overtakenBy(tx, post, version),
    async change(tx, post, at) {
      await tx
        .insertInto('approval')
        .values({ id: newId(), post: id, version, author: person.id, at })
        .execute()
      return { kind: 'post.approval', content: { version }, words: post.text }
    },
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
  return decideOn(installation, person, id, {
    action: 'post.sendBack',
    hindrance: (tx, post) => overtakenBy(tx, post, version),
    async change(tx, post, at) {
      await tx
        .insertInto('post_return')
        .values({ id: newId(), post: id, version, author: person.id, at, comments })
        .execute()
      return {
        kind: 'post.return',
        content: { version, comments },
        words: `${comments}\n${post.text}`,
      }
    },
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
async function overtakenBy(tx: Tx, post: Post, version: number): Promise<string | null> {
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
