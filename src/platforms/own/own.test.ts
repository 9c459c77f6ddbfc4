import { describe, expect, test } from 'vitest'
import { town } from '../../../test/town.ts'
import { newId } from '../../storage/ids.ts'
import type { Outcome, OutgoingPost } from '../contract.ts'
import { ownPage } from './own.ts'

const value = <Value>(outcome: Outcome<Value>): Value => {
  if (outcome.outcome !== 'done') throw new Error(outcome.because)
  return outcome.value
}

describe('the own page', () => {
  test('takes a post once, however often it is sent, and its edits and deletion', async () => {
    const { installation, page, db } = await town()
    const platform = ownPage(installation)
    const account = value(await platform.connect({ page, address: 'http://localhost:4370/town', fields: {} }))
    const post: OutgoingPost = {
      clientId: newId(),
      text: 'The bridge is open again.',
      images: [
        { content: Buffer.from('image'), mediaType: 'image/png', alt: 'A bridge', width: 4, height: 3 },
      ],
      createdAt: new Date(),
    }
    const [first, second] = await Promise.all([account.publish(post), account.publish(post)])
    expect(value(first)).toMatchObject({ remoteId: post.clientId, version: '1' })
    expect(value(second).version).toBe('1')
    expect(value(first).url).toBe(`http://localhost:4370/town/posts/${post.clientId}`)
    expect(await db.selectFrom('own_post').selectAll().execute()).toHaveLength(1)

    const edited = value(await account.edit(value(first), { ...post, text: 'The bridge is closed again.' }))
    expect(edited.version).toBe('2')
    value(await account.delete(edited))
    value(await account.delete(edited))
    expect(value(await account.find(post.clientId))).toBeNull()
    expect(await account.edit(edited, post)).toMatchObject({ outcome: 'refused' })
    const [row] = await db.selectFrom('own_post').select(['text', 'images']).execute()
    expect(row).toEqual({ text: '', images: [] })
  })
  test('keeps its introduction', async () => {
    const { installation, page } = await town()
    const account = value(
      await ownPage(installation).connect({ page, address: 'http://x.example/town', fields: {} }),
    )
    value(await account.writeProfile({ displayName: 'Town', description: 'One' }))
    value(await account.writeProfile({ displayName: 'Town', description: 'Two' }))
    expect(value(await account.readProfile()).description).toBe('Two')
  })
})
