import { beforeAll, describe, expect, test } from 'vitest'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { type CommentId, newId } from '../storage/ids.ts'
import { cardsOf } from './card.ts'
import { escalate } from './escalation.ts'
import { hideComment, hideCopies, keepComment } from './moderation.ts'
import { askColleague } from './question.ts'
import { countArrivals, decidedAmong, languagesWaiting, readQueue } from './queue.ts'
import { type QueueFilter, usualQueue } from './queue-filter.ts'
import { waitingByPost } from './queue-posts.ts'
import { queueAddress, readAddress } from './screens/queue-address.ts'

let here: Awaited<ReturnType<typeof square>>
beforeAll(async () => {
  here = await square()
})
const found = async (filter: Partial<QueueFilter>, who = here.avery) =>
  (await readQueue(here.installation, who.id, filter)).cards.map(({ id }) => id)

describe('a filter', () => {
  test('stands in the address and is read from it as it was', () => {
    const filter: QueueFilter = {
      ...usualQueue,
      state: 'hidden',
      post: newId<'post'>(),
      thread: newId<'comment'>(),
      words: '100 % & more',
      reason: 'off-topic',
      suggested: 'spam',
      author: 'visitor:x=y',
      language: 'pt-BR',
      marks: ['mine', 'copies'],
      olderThanHours: 24,
      order: 'newest',
      after: '1_x',
    }
    expect(readAddress(new URL(queueAddress(filter), 'http://here'))).toEqual(filter)
    expect(queueAddress(usualQueue)).toBe('/console/comments')
    // What nobody offers is as if it were not there.
    expect(readAddress(new URL('http://here/?state=x&only=y&older=-1&order=z&page=1'))).toEqual(usualQueue)
  })

  test('says how many it finds, copies included, beside how many wait', async () => {
    const number = async (filter: Partial<QueueFilter>) => {
      const { matching, waiting } = await readQueue(here.installation, here.avery.id, filter)
      return { matching, waiting }
    }
    const { waiting } = await number({})
    for (const text of ['Okapi at the fence', 'Okapi at the fence', 'Okapi on the road'])
      await here.commented(text)
    expect(await number({ words: 'okapi' })).toEqual({ matching: 3, waiting: waiting + 3 })
    expect(await number({ words: 'okapi', state: 'kept' })).toEqual({ matching: 0, waiting: waiting + 3 })
    expect(await number({ order: 'newest' })).toEqual({ matching: null, waiting: waiting + 3 })
  })

  test('by what colleagues have to do with a comment finds those, and for each person theirs', async () => {
    const { installation, avery, quinn } = here
    const asked = await here.commented('Ibex one')
    const passed = await here.commented('Ibex two')
    const answered = await here.commented('Ibex three')
    await here.commented('Ibex four', { inReplyTo: answered })
    done(await askColleague(installation, avery, asked, { asked: quinn.id, note: '' }))
    done(await escalate(installation, avery, passed, { kind: 'tip', note: '' }))
    expect(await found({ words: 'ibex', marks: ['mine'] }, quinn)).toEqual([asked])
    expect(await found({ words: 'ibex', marks: ['mine'] })).toEqual([])
    expect(await found({ words: 'ibex', marks: ['asked'] })).toEqual([asked])
    expect(await found({ words: 'ibex', marks: ['escalated'] })).toEqual([passed])
    expect(await found({ words: 'ibex', marks: ['answered'] })).toEqual([answered])
    expect(await found({ words: 'ibex', marks: ['escalated', 'asked'] })).toEqual([])
  })

  test('by author, reason, age, language and pictures', async () => {
    const { installation, avery, db } = here
    const author = { remoteId: 'did:fake:ana', handle: 'ana.example' }
    const { id } = await here.commentedThere('fake:otter', 'Nutria', {
      author,
      language: 'es',
      pictures: [{ content: new Uint8Array([1]), mediaType: 'image/png', alt: 'An otter' }],
    })
    expect(await found({ author: author.remoteId })).toEqual([id])
    expect(await found({ marks: ['pictures'] })).toEqual([id])
    expect(await found({ language: 'es' })).toContain(id)
    expect(await found({ language: 'es', words: 'ibex' })).toEqual([])
    expect(await languagesWaiting(db)).toContain('es')
    const spam = await here.commented('Buy otters at otters.example')
    done(await hideComment(installation, avery, spam, { revision: 1, reason: 'off-topic' }))
    expect(await found({ state: 'hidden', reason: 'off-topic', words: 'otters' })).toEqual([spam])
    expect(await found({ state: 'hidden', reason: 'obscenity', words: 'otters' })).toEqual([])
    // The platform's comment was written in May; what visitors wrote now is younger than an hour.
    expect(await found({ olderThanHours: 1 })).toEqual([id])
  })
})

describe('copies', () => {
  test('have one card, which says how many there are, by how many people', async () => {
    const { installation } = here
    const ids: CommentId[] = []
    for (const text of ['Gnu for sale', 'gnu  for SALE', 'Gnu for sale']) ids.push(await here.commented(text))
    expect(await found({ words: 'gnu' })).toEqual([ids[0]])
    expect(await found({ words: 'gnu', order: 'newest' })).toEqual([ids[2]])
    const [card] = await cardsOf(installation, ids.slice(0, 1))
    expect(card?.copies).toEqual({ count: 2, authors: 2, posts: 1 })
    // Where the filter leaves the first out, the next one stands for the rest.
    const second = await here.commentRow(ids[1] as CommentId)
    expect(await found({ words: 'gnu', author: second.author_remote_id })).toEqual([ids[1]])
    done(await keepComment(installation, here.avery, ids[0] as CommentId, { revision: 1 }))
    expect(await found({ words: 'gnu' })).toEqual([ids[1]])
  })

  test('that a colleague wants to hide stand apart from those that came since', async () => {
    const { installation, avery, quinn } = here
    const text = 'The chief is a disgrace to the llamas.'
    const [one] = [await here.commented(text), await here.commented(text)]
    const seen = { revision: 1, reason: 'personal-attack', until: new Date(Date.now() + 1000) }
    done(await hideCopies(installation, avery, one, seen))
    const late = await here.commented(text)
    expect(await found({ words: 'llamas' }, quinn)).toEqual([one, late])
  })
})

test('what arrives is counted for the filter, and what others decided is told', async () => {
  const { installation, avery, quinn, db } = here
  const since = new Date(Date.now() - 1)
  const looking = { person: avery.id, now: new Date() }
  const [mine, theirs] = [await here.commented('Moose one'), await here.commented('Moose two')]
  expect(await countArrivals(db, { ...usualQueue, words: 'moose' }, looking, since)).toBe(2)
  expect(await countArrivals(db, { ...usualQueue, words: 'elk' }, looking, since)).toBe(0)
  done(await keepComment(installation, avery, mine, { revision: 1 }))
  done(await keepComment(installation, quinn, theirs, { revision: 1 }))
  expect(await decidedAmong(db, [mine, theirs], avery.id)).toEqual([
    { comment: theirs, words: 'Quinn Baker kept this.' },
  ])
  expect(await countArrivals(db, { ...usualQueue, words: 'moose' }, looking, since)).toBe(0)
})

describe('what waits, by post', () => {
  test('is counted for each post and its threads, leads to just these, and tells the worst and the oldest', async () => {
    const { installation, avery, own } = here
    const quiet = await here.publish('The pool opens on Monday.', [own])
    const loud = await here.publish('The road is closed.', [own])
    const under = (post: typeof loud, text: string, more: object = {}) =>
      here.commented(text, { publication: post.publication.id, ...more })
    await under(quiet, 'Gannet for the pool')
    const first = await under(loud, 'Gannet on the road')
    for (let n = 0; n < 3; n++) await under(loud, `Gannet answer ${n}`, { inReplyTo: first })
    await under(loud, 'I know where you live, gannet. I will burn your house down.')
    const gone = await under(loud, 'Gannet decided')
    done(await keepComment(installation, avery, gone, { revision: 1 }))

    const posts = async (order: 'harm' | 'most' | 'oldest', page: typeof own | null = own) =>
      (await waitingByPost(installation, { page, order, skip: 0, take: 100 })).posts.filter(({ text }) =>
        /pool|road/.test(text),
      )
    const [worst, other] = await posts('harm')
    expect(worst).toMatchObject({
      id: loud.id,
      waiting: 5,
      oldest: (await here.commentRow(first)).posted_at,
      first: expect.stringContaining('Threat'),
      pages: ['Town news'],
      threads: [{ id: first, waiting: 4, text: 'Gannet on the road' }],
    })
    expect(other).toMatchObject({ id: quiet.id, waiting: 1, first: '', threads: [] })
    expect((await posts('oldest')).map(({ id }) => id)).toEqual([quiet.id, loud.id])
    expect(await posts('most', here.page)).toEqual([])
    expect(await found({ post: loud.id })).toHaveLength(5)
    expect(await found({ post: loud.id, thread: first })).toHaveLength(4)
    const { posts: one, count } = await waitingByPost(installation, {
      ...{ page: own, order: 'most', skip: 1, take: 1 },
    })
    expect(one).toHaveLength(1)
    expect(count).toBeGreaterThanOrEqual(3)
  })
})
