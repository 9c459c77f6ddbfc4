import { AtpAgent } from '@atproto/api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { registerPageJobs } from '../../src/pages/pages.ts'
import { bluesky } from '../../src/platforms/bluesky/bluesky.ts'
import { outgoing } from '../../src/platforms/outgoing.ts'
import { fateOf } from '../../src/posts/fate.ts'
import { publishNow, registerPostJobs } from '../../src/posts/posts.ts'
import { deletePost } from '../../src/posts/publication.ts'
import { publish } from '../../src/posts/publish.job.ts'
import type { PostId } from '../../src/storage/ids.ts'
import { testInstallation } from '../installation.ts'
import { startPds, type TestPds } from '../pds.ts'
import { done, settle } from '../town.ts'
import { type Handling, platformProxy } from './platform-proxy.ts'

/*
 * The way to a real PDS leads through a server that fails as platforms do. Whatever it does: a person reads what is
 * wrong, it is tried again when it should be, and nothing is ever there twice.
 */

let pds: TestPds
let proxy: Awaited<ReturnType<typeof platformProxy>>
let here: Awaited<ReturnType<typeof testInstallation>>
let town: Awaited<ReturnType<typeof settle>>
beforeAll(async () => {
  pds = await startPds()
  proxy = await platformProxy(pds.url)
  // An answer that never comes is waited for one second here, and thirty in earnest.
  here = await testInstallation([bluesky({ fetch: outgoing({ allowPrivate: true, answerSeconds: 1 }) })])
  await registerPageJobs(here)
  await registerPostJobs(here)
  town = await settle(here, 'bluesky', {
    service: proxy.url,
    handle: pds.accounts[0]?.handle ?? '',
    password: pds.accounts[0]?.password ?? '',
  })
})
afterAll(() => pds?.stop())
beforeEach(() => {
  here.jobs.enqueued.length = 0
  proxy.calls.length = 0
})
afterEach(() => proxy.on(async () => 'pass'))

let count = 0
async function ordered() {
  const words = `Notice number ${++count}.`
  const post = await town.approved(words)
  done(await publishNow(here, town.chief, post.id, post.version))
  const { id } = await here.db
    .selectFrom('publication')
    .select('id')
    .where('post', '=', post.id)
    .orderBy('intent_at', 'desc')
    .executeTakeFirstOrThrow()
  return { ...post, words, publication: id, run: () => publish(here, id) }
}
const fate = async (post: PostId) => (await fateOf(here.db, post))[0]?.words ?? ''
async function timesThere(words: string): Promise<number> {
  const { data } = await new AtpAgent({ service: pds.url }).com.atproto.repo.listRecords({
    repo: pds.accounts[0]?.did ?? '',
    collection: 'app.bsky.feed.post',
    limit: 100,
  })
  return data.records.filter(({ value }) => String(value.text).startsWith(words)).length
}
/** The platform fails so at every call whose path ends with `name`, as often as `times`. */
function failing(name: string, how: Handling, times = Number.POSITIVE_INFINITY) {
  proxy.on(async (call, answer) => (call.path.includes(name) && times-- > 0 ? how(call, answer) : 'pass'))
}
const answering =
  (status: number, body: object | string, headers: Record<string, string> = {}): Handling =>
  async (_, answer) => {
    answer.writeHead(status, { 'content-type': 'application/json', ...headers })
    answer.end(typeof body === 'string' ? body : JSON.stringify(body))
    return 'handled'
  }
const records = (post: PostId) =>
  here.db
    .selectFrom('record')
    .select('json')
    .where('kind', '=', 'post.publication')
    .where('subject_id', '=', post)
    .execute()

describe('what the platform did is looked for, and is there once, after', () => {
  const halfway: [string, Handling][] = [
    [
      'an answer that was cut off',
      async ({ passOn }, answer) => {
        await passOn()
        answer.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
        answer.write('{"uri": "at://did')
        await new Promise((resolve) => setImmediate(resolve))
        answer.destroy()
        return 'handled'
      },
    ],
    [
      'an answer that nobody can read',
      async (call, answer) => {
        await call.passOn()
        return answering(200, '<html>It works!</html>', { 'content-type': 'text/html' })(call, answer)
      },
    ],
    [
      'JSON that is something else',
      async (call, answer) => {
        await call.passOn()
        return answering(200, { ok: true })(call, answer)
      },
    ],
    [
      'no answer at all',
      async ({ passOn }) => {
        await passOn()
        return 'handled'
      },
    ],
    [
      'a connection that broke',
      async ({ passOn }, answer) => {
        await passOn()
        answer.destroy()
        return 'handled'
      },
    ],
    [
      'a fault of the server, after it had the post',
      async (call, answer) => {
        await call.passOn()
        return answering(500, { error: 'InternalServerError' })(call, answer)
      },
    ],
    ['a fault of the server, before it had it', answering(502, 'Bad gateway')],
  ]
  test.each(halfway)('%s', async (_, how) => {
    const post = await ordered()
    failing('createRecord', how, 1)
    await expect(post.run()).rejects.toThrow(/Bluesky (has trouble|could not be reached)/)
    expect(await fate(post.id)).toMatch(/^Not there yet: Bluesky .* It is tried again\.$/)
    expect(await records(post.id)).toEqual([])
    await post.run()
    expect(await fate(post.id)).toBe('Published.')
    expect(await timesThere(post.words)).toBe(1)
    expect(await records(post.id)).toHaveLength(1)
  })
})

test.each<[string, () => Record<string, string>]>([
  ['seconds', () => ({ 'retry-after': '120' })],
  ['a date', () => ({ 'retry-after': new Date(Date.now() + 120_000).toUTCString() })],
  ['the time of its own limit', () => ({ 'ratelimit-reset': String(Math.round(Date.now() / 1000) + 120) })],
])('a platform that is busy is asked again after the time it said, in %s', async (_, headers) => {
  const post = await ordered()
  here.jobs.enqueued.length = 0
  failing('createRecord', answering(429, { error: 'RateLimitExceeded' }, headers()), 1)
  await post.run()
  const [again] = here.jobs.enqueued
  const seconds = ((again?.startAfter?.getTime() ?? 0) - Date.now()) / 1000
  expect(seconds).toBeGreaterThan(60)
  expect(seconds).toBeLessThan(125)
  expect(await fate(post.id)).toMatch(/asks us to wait/)
  await post.run()
  expect(await timesThere(post.words)).toBe(1)
})

test('a wait that makes no sense is not waited for', async () => {
  const post = await ordered()
  here.jobs.enqueued.length = 0
  failing('createRecord', answering(429, {}, { 'retry-after': 'soon', 'ratelimit-reset': '99999999999' }), 1)
  await post.run()
  const [again] = here.jobs.enqueued
  expect((again?.startAfter?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(24 * 3_600_000)
})

test('a refusal is final, with the platform’s reason, and may be ordered again', async () => {
  const post = await ordered()
  failing('createRecord', answering(400, { error: 'InvalidRequest', message: 'the account is suspended' }), 1)
  await post.run()
  expect(await fate(post.id)).toBe('Not taken: Bluesky refused: the account is suspended.')
  expect(await records(post.id)).toHaveLength(1)
  done(await publishNow(here, town.chief, post.id, post.version))
  await here.jobs.run('post.publish')
  expect(await timesThere(post.words)).toBe(1)
})

describe('a session', () => {
  test('is kept: many posts take one sign-in', async () => {
    for (const post of [await ordered(), await ordered(), await ordered()]) await post.run()
    expect(proxy.calls.filter((call) => call.endsWith('createSession')).length).toBeLessThanOrEqual(1)
  })
  test('whose access token expired is refreshed, and nobody notices', async () => {
    const post = await ordered()
    failing('createRecord', answering(400, { error: 'ExpiredToken', message: 'Token has expired' }), 1)
    await post.run()
    expect(proxy.calls.filter((call) => call.endsWith('refreshSession'))).toHaveLength(1)
    expect(await fate(post.id)).toBe('Published.')
    expect(await timesThere(post.words)).toBe(1)
  })
  test('that can’t be refreshed is begun anew', async () => {
    const post = await ordered()
    let refused = 0
    proxy.on(async (call, answer) => {
      if (call.path.includes('createRecord') && refused++ < 1)
        return answering(401, { error: 'AuthenticationRequired' })(call, answer)
      if (call.path.includes('refreshSession'))
        return answering(400, { error: 'ExpiredToken', message: 'Token has been revoked' })(call, answer)
      return 'pass'
    })
    await post.run()
    expect(proxy.calls.filter((call) => call.endsWith('createSession'))).toHaveLength(1)
    expect(await timesThere(post.words)).toBe(1)
  })
})

describe('an app password that was revoked', () => {
  const revoked: Handling = async (call, answer) => {
    if (/createSession|refreshSession/.test(call.path))
      return answering(401, { error: 'AuthenticationRequired', message: 'Invalid identifier or password' })(
        call,
        answer,
      )
    if (/createRecord|deleteRecord|uploadBlob/.test(call.path))
      return answering(400, { error: 'InvalidToken', message: 'Token has been revoked' })(call, answer)
    return 'pass'
  }
  test('tells who can connect the page again', async () => {
    const post = await ordered()
    proxy.on(revoked)
    await post.run()
    expect(await fate(post.id)).toBe(
      'Not taken: Handle or app password is not right (any more). Sam Whitcomb can connect “Town square” again, with a new password from the platform.',
    )
    expect(await timesThere(post.words)).toBe(0)
  })
  test('never has a post given up that may be there already', async () => {
    const post = await ordered()
    failing('createRecord', async ({ passOn }, answer) => {
      await passOn()
      answer.destroy()
      return 'handled'
    })
    await expect(post.run()).rejects.toThrow()
    // Now the password is revoked as well: nobody can tell whether the post is there.
    proxy.on(async (call, answer) =>
      call.path.includes('getRecord')
        ? answering(401, { error: 'AuthenticationRequired' })(call, answer)
        : revoked(call, answer),
    )
    await expect(post.run()).rejects.toThrow(/is not right/)
    expect(await fate(post.id)).toMatch(/^Not there yet: .*Sam Whitcomb can connect/)
    proxy.on(async () => 'pass')
    await post.run()
    expect(await timesThere(post.words)).toBe(1)
    expect(await records(post.id)).toHaveLength(1)
  })
  test('leaves a deletion waiting, and it goes on by itself', async () => {
    const post = await ordered()
    await post.run()
    done(await deletePost(here, town.chief, post.id, 'The date was wrong.'))
    proxy.on(async (call, answer) =>
      call.path.includes('getRecord') ? answering(401, { error: 'X' })(call, answer) : revoked(call, answer),
    )
    await expect(here.jobs.run('post.delete')).rejects.toThrow()
    expect(await fate(post.id)).toMatch(/^Being deleted\. .*Sam Whitcomb/)
    proxy.on(async () => 'pass')
    const { id } = await here.db
      .selectFrom('publication_deletion')
      .select('id')
      .where('publication', '=', post.publication)
      .executeTakeFirstOrThrow()
    await here.db.transaction().execute((tx) => here.jobs.enqueue(tx, 'post.delete', { deletion: id }))
    await here.jobs.run('post.delete')
    expect(await fate(post.id)).toBe('Deleted there.')
    expect(await timesThere(post.words)).toBe(0)
  })
})
