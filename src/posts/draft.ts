import type { Person } from '../department/department.ts'
import { type Answer, consider, problem } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages } from '../pages/pages.ts'
import type { Tx } from '../storage/database.ts'
import { newId, type PageId, type PostId } from '../storage/ids.ts'
import { keepImage, uploadLimit } from './image.ts'
import { lockPost, type Post, postById, whatOf } from './store.ts'

/** Begins an empty draft. */
export async function startDraft(installation: Installation, person: Person): Promise<Answer<PostId>> {
  return installation.db.transaction().execute(async (tx) => {
    const id = newId<'post'>()
    const what = {
      type: 'Post',
      id,
      authorId: person.id,
      editorIds: [person.id],
      pagesApproved: true,
      approved: false,
      blockingFindings: 0,
      imagesWithoutAlt: 0,
    }
    const decision = await consider(tx, installation, person, 'post.draft', what)
    if (!decision.allowed) return { denied: decision }
    const now = installation.now()
    await tx
      .insertInto('post')
      .values({ id, author: person.id, link: null, created_at: now, updated_at: now })
      .execute()
    await tx.insertInto('post_editor').values({ post: id, person: person.id }).execute()
    return { done: id }
  })
}

/** What the composer sends each time it saves. */
export interface Typed {
  /** The version that was on the screen: a newer one is never overwritten. */
  version: number
  text: string
  link: string
  pages: readonly PageId[]
  /** The alternative texts, by image. */
  alts: Readonly<Record<string, string>>
}

/** Keeps what was typed, and answers with the version it became. An unchanged draft keeps its version and its approval. */
export function saveDraft(
  installation: Installation,
  person: Person,
  id: PostId,
  typed: Typed,
): Promise<Answer<{ version: number; savedAt: Date }>> {
  const link = typed.link.trim()
  if (link && !isWebAddress(link))
    return Promise.resolve({
      problems: { link: 'Write the whole address, beginning with https://' },
    })
  if (typed.text.length > 20_000)
    return Promise.resolve({ problems: { text: 'A post can’t be longer than 20,000 characters.' } })

  return change(installation, person, id, typed.version, async (tx, post) => {
    // A page that already shows the post stays: taking it off is a deletion, with its own decision.
    const live = await tx
      .selectFrom('publication')
      .select('page')
      .where('post', '=', id)
      .where('refused_at', 'is', null)
      .where('gone_at', 'is', null)
      .execute()
    const pages = [...new Set([...typed.pages, ...live.map((row) => row.page)])].sort()
    const alts = post.images.map((image) => (typed.alts[image.id] ?? image.alt).trim().slice(0, 2000))
    const same =
      post.text === typed.text &&
      (post.link ?? '') === link &&
      String(pages) === String([...post.pages].sort()) &&
      post.images.every((image, index) => image.alt === alts[index])
    if (same) return false

    await tx
      .updateTable('post')
      .set({ text: typed.text, link: link || null })
      .where('id', '=', id)
      .execute()
    await tx.deleteFrom('post_page').where('post', '=', id).execute()
    if (pages.length > 0)
      await tx
        .insertInto('post_page')
        .values(pages.map((page) => ({ post: id, page })))
        .execute()
    for (const [index, image] of post.images.entries())
      await tx
        .updateTable('post_image')
        .set({ alt: alts[index] ?? '' })
        .where('id', '=', image.id)
        .execute()
    return true
  })
}

/** Adds an uploaded file to the draft. `file` is null when reading stopped at the limit. */
export async function addImage(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
  file: Uint8Array | null,
  alt: string,
): Promise<Answer<{ version: number }>> {
  if (!file)
    return {
      problems: {
        image: `The file is larger than ${uploadLimit / 1024 / 1024} MB. Make it smaller and try again.`,
      },
    }
  const post = await postById(installation.db, id)
  if (!post) return problem('This post does not exist.')
  const most = Math.max(...installation.platforms.all().map((platform) => platform.capabilities.images.max))
  if (post.images.length >= most)
    return { problems: { image: `A post takes at most ${most} images. Take one out first.` } }
  const smallest = Math.min(
    ...installation.platforms
      .all()
      .filter(({ capabilities }) => capabilities.images.max > 0)
      .map(({ capabilities }) => capabilities.images.maxBytes),
  )
  const kept = await keepImage(installation.blobs, file, smallest)
  if ('problem' in kept) return { problems: { image: kept.problem } }

  return change(installation, person, id, version, async (tx, current) => {
    await tx
      .insertInto('post_image')
      .values({
        id: newId(),
        post: id,
        blob: kept.sha256,
        media_type: kept.mediaType,
        bytes: kept.bytes,
        width: kept.width,
        height: kept.height,
        alt: alt.trim().slice(0, 2000),
        position: Math.max(-1, ...current.images.map((image) => image.position)) + 1,
      })
      .execute()
    return true
  })
}

/** Takes an image out of the draft. Versions that were submitted keep theirs. */
export const removeImage = (
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
  image: string,
): Promise<Answer<{ version: number }>> =>
  change(installation, person, id, version, async (tx) => {
    const { numDeletedRows } = await tx
      .deleteFrom('post_image')
      .where('id', '=', image)
      .where('post', '=', id)
      .executeTakeFirst()
    return numDeletedRows > 0n
  })

/** One change of the newest version, allowed by the policy and seen by nobody half-done. */
function change(
  installation: Installation,
  person: Person,
  id: PostId,
  version: number,
  make: (tx: Tx, post: Post) => Promise<boolean>,
): Promise<Answer<{ version: number; savedAt: Date }>> {
  return installation.db.transaction().execute(async (tx) => {
    const post = await lockPost(tx, id)
    if (!post) return problem('This post does not exist.')
    if (post.state === 'deleted') return problem('This post was deleted. Copy your text into a new one.')
    if (post.version !== version)
      return problem(
        `${post.lastEditor ?? 'Somebody'} changed this post since you opened it. Your text is still here: copy it, reload, and bring the two together.`,
      )
    const published = post.publications.some((one) => one.done_at)
    const action = published ? 'post.edit' : 'post.draft'
    const decision = await consider(
      tx,
      installation,
      person,
      action,
      whatOf(installation, post, await allPages(tx)),
    )
    if (!decision.allowed) return { denied: decision }
    const now = installation.now()
    if (!(await make(tx, post))) return { done: { version, savedAt: now } }

    await tx
      .updateTable('post')
      .set({ version: version + 1, updated_at: now })
      .where('id', '=', id)
      .execute()
    // A new version has no time yet: what was scheduled was the old one.
    await tx
      .updateTable('schedule')
      .set({ cancelled_at: now })
      .where('post', '=', id)
      .where('cancelled_at', 'is', null)
      .where('done_at', 'is', null)
      .execute()
    await tx.deleteFrom('post_editor').where('post', '=', id).where('person', '=', person.id).execute()
    await tx.insertInto('post_editor').values({ post: id, person: person.id, at: now }).execute()
    return { done: { version: version + 1, savedAt: now } }
  })
}

const isWebAddress = (text: string) => {
  try {
    return ['https:', 'http:'].includes(new URL(text).protocol) && text.length <= 2000
  } catch {
    return false
  }
}
