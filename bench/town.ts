import { submitComment } from '../src/comments/comments.ts'
import { people } from '../src/department/department.ts'
import type { Installation } from '../src/installation.ts'
import { approvedPages } from '../src/pages/pages.ts'
import { approvePost, publishNow, saveDraft, startDraft, submitPost } from '../src/posts/posts.ts'
import { publish } from '../src/posts/publish.job.ts'
import type { CommentId, PostId } from '../src/storage/ids.ts'

/** What an answer brought, or the end of the run with the reason. */
export function done<Value>(answer: { done: Value } | object): Value {
  if ('done' in answer) return answer.done as Value
  throw new Error(`Refused: ${JSON.stringify(answer)}`)
}

/** The people and the page of the demonstration's department, and what they do, step by step. */
export async function townOf(here: Installation) {
  const staff = await people(here.db)
  const named = (email: string) => {
    const person = staff.find((one) => one.email.startsWith(email))
    if (!person) throw new Error(`Nobody's address begins with ${email}.`)
    return person
  }
  const chief = named('elena.rivera')
  const pio = named('nora.whitcombe')
  const page = (await approvedPages(here.db)).find((one) => one.slug === 'news')
  if (!page) throw new Error('The department has no page.')

  /** A post that waits for nothing but its publication. */
  async function approvedPost(text: string, on = page?.id) {
    const id = done(await startDraft(here, pio)) as PostId
    const draft = { version: 1, text, link: '', pages: [on as never], alts: {} }
    const { version } = done(await saveDraft(here, pio, id, draft))
    done(await submitPost(here, pio, id, version))
    done(await approvePost(here, chief, id, version))
    return { id, version }
  }
  /** Orders a post's publication and carries it out: what stands between the click and the page. */
  async function publishPost({ id, version }: { id: PostId; version: number }): Promise<string> {
    done(await publishNow(here, pio, id, version))
    const publication = await here.db
      .selectFrom('publication')
      .select('id')
      .where('post', '=', id)
      .executeTakeFirstOrThrow()
    await publish(here, publication.id)
    return publication.id
  }
  let visitors = 0
  async function comment(publication: string, text: string): Promise<CommentId> {
    const n = visitors++
    const { comment } = done(
      await submitComment(here, {
        page: page?.id as never,
        publication,
        name: 'Pat Doyle',
        text,
        honeypot: '',
        clientAddress: `2001:db8:bec::${n.toString(16)}`,
      }),
    )
    return comment as CommentId
  }
  return {
    page,
    chief,
    pio,
    moderator: named('joan.sullivan'),
    records: named('priya.raman'),
    approvedPost,
    publishPost,
    comment,
  }
}
