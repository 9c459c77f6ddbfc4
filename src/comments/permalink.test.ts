import { beforeAll, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import type { CommentId } from '../storage/ids.ts'
import { deleteComment, submitComment } from './capture.ts'
import { conversationUnder } from './conversation.ts'
import { hideComment } from './moderation.ts'
import { commentAddress, remarkInThread } from './permalink.ts'

let here: Awaited<ReturnType<typeof square>>
let minute = 0
beforeAll(async () => {
  here = await square()
})

/** Each a minute after the one before, so that their order is theirs. */
function commented(text: string, inReplyTo?: CommentId, more: object = {}) {
  here.setClock(new Date(Date.UTC(2026, 7, 1, 10, minute++)))
  return here.commented(text, { ...(inReplyTo ? { inReplyTo } : {}), ...more })
}
const at = (id: CommentId, more: object = {}) =>
  remarkInThread(here.installation, here.storm.publication.id, id, more)
const ids = (remarks: readonly { id: CommentId }[]) => remarks.map(({ id }) => id)

describe('a long conversation', () => {
  test('is read from either end, a page at a time, without a gap or a double', async () => {
    const { publication } = await here.publish('How is your street?', [here.own])
    const written: CommentId[] = []
    for (let n = 0; n < 9; n++)
      written.push(await commented(`Street ${n}`, undefined, { publication: publication.id }))
    for (const order of ['newest', 'oldest'] as const) {
      const seen: CommentId[] = []
      let after: string | null = null
      do {
        const page = await conversationUnder(here.installation, publication.id, { after, order, take: 4 })
        seen.push(...page.threads.map(({ first }) => first.id))
        after = page.next
      } while (after)
      expect(seen).toEqual(order === 'oldest' ? written : written.toReversed())
    }
  })

  test('folds a thread of more than five replies, and says how many there are', async () => {
    const first = await commented('Who has sandbags?')
    const replies: CommentId[] = []
    const thread = async () =>
      (await conversationUnder(here.installation, here.storm.publication.id)).threads.find(
        (one) => one.first.id === first,
      )
    for (let n = 0; n < 5; n++) replies.push(await commented(`I have ${n}`, first))
    expect(ids((await thread())?.answers ?? [])).toEqual(replies)
    replies.push(await commented('And I', replies[0]))
    expect(await thread()).toMatchObject({ count: 6 })
    expect(ids((await thread())?.answers ?? [])).toEqual(replies.slice(0, 3))

    const one = await at(first, { take: 4 })
    expect(ids(one?.answers ?? [])).toEqual(replies.slice(0, 4))
    const two = await at(first, { take: 4, after: one?.next })
    expect(ids(two?.answers ?? [])).toEqual(replies.slice(4))
    expect(two?.next).toBeNull()
  })
})

describe('a comment by itself', () => {
  test('stands below what it answers, and above what answers it', async () => {
    const chain = [await commented('One')]
    for (const text of ['Two', 'Three', 'Four', 'Five', 'Six', 'Seven'])
      chain.push(await commented(text, chain.at(-1)))
    const [one, two, , four, five, six, seven] = chain as [CommentId, ...CommentId[]]
    const found = await at(six as CommentId)
    expect(ids(found?.above ?? [])).toEqual([one, chain[2], four, five])
    expect(found?.between).toBe(1)
    expect(ids(found?.answers ?? [])).toEqual([seven])
    expect(ids((await at(two as CommentId))?.above ?? [])).toEqual([one])
    // Under the first comment stands the whole thread.
    expect((await at(one))?.count).toBe(6)
  })

  test('keeps its address when it is removed, with the reason and its clause, or deleted', async () => {
    const question = await commented('Where can I buy a phone?')
    const spam = await commented('Buy cheap phones at phones.example', question)
    const reply = await commented('Not here, please.', spam)
    done(await hideComment(here.installation, here.avery, spam, { revision: 1, reason: 'obscenity' }))
    const found = await at(spam)
    expect(found?.remark).toMatchObject({
      standing: 'removed',
      text: null,
      removal: { reason: 'Obscenity', clause: 'IV.A.2.iv.1' },
    })
    expect(ids(found?.above ?? [])).toEqual([question])
    // Nor is its author named by what answers it.
    expect((await at(reply))?.remark.inReplyTo).toEqual({ id: spam, name: null })

    const { comment, token } = done(
      await submitComment(here.installation, here.submission('Sorry.', { inReplyTo: question })),
    )
    done(await deleteComment(here.installation, comment as CommentId, token))
    expect((await at(comment as CommentId))?.remark).toMatchObject({ standing: 'deleted', text: null })
  })

  test('is nowhere else: not under another post, and not while it is held back', async () => {
    const id = await commented('Only here')
    const other = await here.publish('Another post.', [here.own])
    expect(await remarkInThread(here.installation, other.publication.id, id)).toBeNull()
    await here.db.updateTable('comment').set({ state: 'held' }).where('id', '=', id).execute()
    expect(await at(id)).toBeNull()
  })

  test('has an address below its post', () => {
    const id = '0198f2a5-0000-7000-8000-000000000000' as CommentId
    expect(commentAddress('https://town.example/news/posts/1', id)).toBe(
      `https://town.example/news/posts/1/comments/${id}`,
    )
  })
})
