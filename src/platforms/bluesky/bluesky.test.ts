import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AtpAgent } from '@atproto/api'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPds, type TestPds } from '../../../test/pds.ts'
import { warcOf } from '../../../test/warc.ts'
import type { CommentChange, Outcome, PlatformAccount, Published } from '../contract.ts'
import { outgoing } from '../outgoing.ts'
import { bluesky } from './bluesky.ts'
import { newTid } from './tid.ts'

const platform = bluesky({ fetch: outgoing({ allowPrivate: true }) })
const value = <Value>(outcome: Outcome<Value>): Value => {
  if (outcome.outcome !== 'done') throw new Error(outcome.because)
  return outcome.value
}
const connect = (service: string, handle: string, password: string) =>
  platform.connect({ page: 'page', address: 'https://bsky.app', fields: { service, handle, password } })
const text = (words: string) => ({ clientId: newTid(), text: words, images: [], createdAt: new Date() })

describe('on a real PDS', () => {
  let pds: TestPds
  let account: PlatformAccount
  let visitor: AtpAgent
  beforeAll(async () => {
    pds = await startPds()
    const [town, other] = pds.accounts
    account = value(await connect(pds.url, town?.handle ?? '', town?.password ?? ''))
    visitor = new AtpAgent({ service: pds.url })
    await visitor.login({ identifier: other?.handle ?? '', password: other?.password ?? '' })
  })
  afterAll(() => pds?.stop())

  const reply = (to: Published, words: string) => {
    const ref = { uri: to.remoteId, cid: to.version ?? '' }
    return visitor.post({ text: words, reply: { root: ref, parent: ref } })
  }
  const poll = async (to: Published, known: { remoteId: string; version: string }[] = []) =>
    value(await account.pollComments([to], known))

  test('a post goes out once under its id, with image, link and tags', async () => {
    const image = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'navy' } })
      .png()
      .toBuffer()
    const post = {
      ...text('Mill Street is closed, see https://town.example/roads #weather'),
      images: [{ content: image, mediaType: 'image/png', alt: 'A closed road', width: 40, height: 30 }],
    }
    const [first, second] = [value(await account.publish(post)), value(await account.publish(post))]
    expect(second.version).toBe(first.version)
    expect(value(await account.find(post.clientId))?.remoteId).toBe(first.remoteId)
    const { data } = await visitor.com.atproto.repo.getRecord({
      repo: pds.accounts[0]?.did ?? '',
      collection: 'app.bsky.feed.post',
      rkey: post.clientId,
    })
    expect(data.value).toMatchObject({
      text: post.text,
      embed: { images: [{ alt: 'A closed road', aspectRatio: { width: 40, height: 30 } }] },
      facets: [{ features: [{ uri: 'https://town.example/roads' }] }, { features: [{ tag: 'weather' }] }],
    })
    expect(value(await account.find(newTid()))).toBeNull()
  })
  test('an edit keeps the time of the post, a deletion may be repeated', async () => {
    const post = text('The road is closed.')
    const first = value(await account.publish(post))
    const edited = value(
      await account.edit(first, { ...post, text: 'The road is open.', createdAt: new Date(0) }),
    )
    expect(edited.version).not.toBe(first.version)
    value(await account.delete(edited))
    value(await account.delete(edited))
    expect(value(await account.find(post.clientId))).toBeNull()
    expect(await account.edit(edited, post)).toMatchObject({ outcome: 'refused' })
  })
  test('a reply brings its pictures as they were uploaded, with their descriptions and its language', async () => {
    const post = value(await account.publish(text('Who has seen this dog?')))
    const photograph = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'brown' } })
      .jpeg()
      .withExif({ IFD0: { Copyright: 'A neighbor' } })
      .toBuffer()
    const { data } = await visitor.uploadBlob(photograph, { encoding: 'image/jpeg' })
    const ref = { uri: post.remoteId, cid: post.version ?? '' }
    await visitor.post({
      text: 'Visto en la calle Mill',
      langs: ['es'],
      reply: { root: ref, parent: ref },
      embed: { $type: 'app.bsky.embed.images', images: [{ image: data.blob, alt: 'A brown dog' }] },
    })
    const [captured] = await poll(post)
    expect(captured).toMatchObject({
      language: 'es',
      pictures: [{ mediaType: 'image/jpeg', alt: 'A brown dog' }],
    })
    const [picture] = (captured as Extract<CommentChange, { text: string }>).pictures ?? []
    expect(Buffer.from(picture?.content ?? []).equals(photograph)).toBe(true)
  })
  test('a reply is seen, its edit too, and its deletion', async () => {
    const post = value(await account.publish(text('What do you think?')))
    const made = await reply(post, 'Good work')
    const [captured] = await poll(post)
    expect(captured).toMatchObject({
      change: 'new',
      text: 'Good work',
      on: post.remoteId,
      author: { handle: 'riley-visits.test' },
    })
    const known = [{ remoteId: made.uri, version: made.cid }]
    expect(await poll(post, known)).toEqual([])

    const { rkey } = { rkey: made.uri.split('/').at(-1) ?? '' }
    const repo = pds.accounts[1]?.did ?? ''
    const ref = { uri: post.remoteId, cid: post.version }
    await visitor.com.atproto.repo.putRecord({
      repo,
      collection: 'app.bsky.feed.post',
      rkey,
      record: { text: 'Bad work', createdAt: new Date().toISOString(), reply: { root: ref, parent: ref } },
    })
    const [edited] = (await poll(post, known)) as Extract<CommentChange, { text: string }>[]
    expect(edited).toMatchObject({ change: 'edited', text: 'Bad work' })
    await visitor.deletePost(made.uri)
    expect(await poll(post, known)).toMatchObject([{ change: 'deleted', remoteId: made.uri }])
  })
  /** Opens the town's account with a service between that may answer for it. */
  const through = async (answer: (url: string) => Response | null | Promise<Response | null>) => {
    const { handle = '', password = '' } = pds.accounts[0] ?? {}
    const fields = { service: pds.url, handle, password }
    const fetch: typeof globalThis.fetch = async (input, init) =>
      (await answer(input instanceof Request ? input.url : String(input))) ??
      outgoing({ allowPrivate: true })(input, init)
    return value(await bluesky({ fetch }).connect({ page: 'page', address: '', fields }))
  }
  const trouble = (status: number, error: string) => Response.json({ error, message: error }, { status })

  test('what the town answers with its own account is told as its own', async () => {
    const post = value(await account.publish(text('Is anything unclear?')))
    const asked = await reply(post, 'Which street?')
    const { handle = '', password = '' } = pds.accounts[0] ?? {}
    const town = new AtpAgent({ service: pds.url })
    await town.login({ identifier: handle, password })
    const ref = { uri: post.remoteId, cid: post.version ?? '' }
    await town.post({
      text: 'Mill Street.',
      reply: { root: ref, parent: { uri: asked.uri, cid: asked.cid } },
    })
    const changes = await poll(post)
    expect(changes).toHaveLength(2)
    expect(changes).toContainEqual(
      expect.objectContaining({ text: 'Mill Street.', byUs: true, inReplyTo: asked.uri }),
    )
    expect(changes.find(({ remoteId }) => remoteId === asked.uri)).not.toHaveProperty('byUs')
  })

  test('a picture that is refused at first is named with the reason, keeps no comment back, and is had later', async () => {
    const post = value(await account.publish(text('Who knows this bicycle?')))
    const photograph = await sharp({ create: { width: 50, height: 40, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const { data } = await visitor.uploadBlob(photograph, { encoding: 'image/png' })
    const ref = { uri: post.remoteId, cid: post.version ?? '' }
    await visitor.post({
      text: 'Mine!',
      reply: { root: ref, parent: ref },
      embed: { $type: 'app.bsky.embed.images', images: [{ image: data.blob, alt: 'A bell' }] },
    })
    await reply(post, 'Not mine')
    let busy = true
    const own = await through((url) =>
      busy && url.includes('getBlob') ? trouble(429, 'RateLimitExceeded') : null,
    )
    const changes = value(await own.pollComments([post], []))
    expect(changes).toHaveLength(2)
    const pictures = changes.flatMap((one) => ('pictures' in one ? (one.pictures ?? []) : []))
    expect(pictures).toMatchObject([
      {
        content: null,
        mediaType: 'image/png',
        missing: { because: expect.stringMatching(/asks us to wait/) },
      },
    ])
    const askFor = pictures[0]?.missing?.askFor ?? ''
    expect(await own.readPicture?.(askFor)).toMatchObject({ outcome: 'later' })
    busy = false
    const had = (await own.readPicture?.(askFor)) as Outcome<{ content: Uint8Array }>
    expect(Buffer.from(value(had).content).equals(photograph)).toBe(true)
    expect(await warcOf(had.wire)).toContain('getBlob')
  })

  test('a reply that there was no time to read by itself is told so, and is read later', async () => {
    const post = value(await account.publish(text('A busy evening')))
    const made = await reply(post, 'Very')
    let busy = true
    const own = await through((url) =>
      busy && url.includes('getRecord') ? trouble(429, 'RateLimitExceeded') : null,
    )
    expect(value(await own.pollComments([post], []))).toMatchObject([{ text: 'Very', wireLater: true }])
    busy = false
    const alone = (await own.readComment?.(made.uri)) as Outcome<{ version: string } | null>
    expect(value(alone)).toMatchObject({ version: made.cid })
    expect(await warcOf(alone.wire)).toContain('Very')
    await visitor.deletePost(made.uri)
    expect(value((await own.readComment?.(made.uri)) as typeof alone)).toBeNull()
  })

  test('an account that is deactivated hinders no other, and its replies are told to be gone with it until it is back', async () => {
    const post = value(await account.publish(text('Who is here?')))
    const made = await reply(post, 'I am')
    const known = [{ remoteId: made.uri, version: made.cid }]
    await visitor.com.atproto.server.deactivateAccount({})
    try {
      expect(await poll(post, known)).toMatchObject([
        { change: 'deleted', remoteId: made.uri, because: expect.stringMatching(/deactivated/) },
      ])
    } finally {
      await visitor.com.atproto.server.activateAccount()
    }
    expect(await poll(post)).toMatchObject([{ change: 'new', text: 'I am' }])
  })

  describe('with a view of the network', () => {
    const did = 'did:plc:bbbbbbbbbbbbbbbbbbbbbbbb'
    const at = (name: string) => `at://${did}/app.bsky.feed.post/${name}`
    const node = (uri: string, root: string, parent: string, replies: object[] = [], replyCount = 0) => ({
      $type: 'app.bsky.feed.defs#threadViewPost',
      post: {
        uri,
        cid: 'bafyreieq5jui4j25lacwomsqgjeswwl3y5zcdrresptwgmfylxo2depppq',
        author: { did, handle: 'visitor.test' },
        record: {
          $type: 'app.bsky.feed.post',
          text: uri.split('/').at(-1),
          createdAt: '2026-05-01T12:00:00.000Z',
          ...(uri === root ? {} : { reply: { root: { uri: root }, parent: { uri: parent } } }),
        },
        indexedAt: '2026-05-01T12:00:00.000Z',
        replyCount,
      },
      replies,
    })
    const shown = (answers: Record<string, object>) => (url: string) => {
      if (!url.includes('getPostThread')) return null
      const answer = answers[new URL(url).searchParams.get('uri') ?? '']
      return answer ? Response.json({ thread: answer }) : trouble(429, 'RateLimitExceeded')
    }

    test('a thread is followed below the level at which the view cuts it off', async () => {
      const post = value(await account.publish(text('Deep')))
      const root = post.remoteId
      const own = await through(
        shown({
          [root]: node(
            root,
            root,
            root,
            [node(at('one'), root, root, [node(at('two'), root, at('one'), [], 1)], 1)],
            1,
          ),
          [at('two')]: node(at('two'), root, at('one'), [node(at('three'), root, at('two'))], 1),
        }),
      )
      const changes = value(await own.pollComments([post], []))
      expect(changes.map(({ remoteId }) => remoteId)).toEqual([at('one'), at('two'), at('three')])
      expect(changes[2]).toMatchObject({ on: root, inReplyTo: at('two') })
    })

    test.each(['-200000-01-01T00:00:00.000Z', '0000-01-01T00:00:00Z', '9999-01-01T00:00:00Z', 'yesterday'])(
      'a reply that says it was written at %s is taken for written now',
      async (createdAt) => {
        const post = value(await account.publish(text('What time is it?')))
        const root = post.remoteId
        const reply = node(at('one'), root, root)
        reply.post.record.createdAt = createdAt
        const own = await through(shown({ [root]: node(root, root, root, [reply], 1) }))
        const [change] = value(await own.pollComments([post], []))
        const now = Date.now()
        const told = change && 'postedAt' in change ? change.postedAt.getTime() : 0
        expect(told).toBeGreaterThan(now - 60_000)
        expect(told).toBeLessThanOrEqual(now)
      },
    )

    test('a service that asks us to wait in the middle of a poll loses nothing of what it told before', async () => {
      const [first, second] = [
        value(await account.publish(text('First'))),
        value(await account.publish(text('Second'))),
      ]
      const root = first.remoteId
      const own = await through(shown({ [root]: node(root, root, root, [node(at('one'), root, root)], 1) }))
      const polled = await own.pollComments([first, second], [{ remoteId: at('under-second'), version: 'x' }])
      expect(polled).toMatchObject({ outcome: 'later', soFar: [{ change: 'new', remoteId: at('one') }] })
    })

    test('a reply that a block veils is read from its author’s account, new and changed', async () => {
      const post = value(await account.publish(text('Veiled')))
      const root = post.remoteId
      const made = await reply(post, 'You may not like this')
      const veiled = {
        $type: 'app.bsky.feed.defs#blockedPost',
        uri: made.uri,
        blocked: true,
        author: { did },
      }
      const own = await through(shown({ [root]: node(root, root, root, [veiled], 1) }))
      const fresh = value(await own.pollComments([post], []))
      expect(fresh).toMatchObject([
        { change: 'new', text: 'You may not like this', on: root, author: { handle: 'riley-visits.test' } },
      ])
      expect(value(await own.pollComments([post], [{ remoteId: made.uri, version: made.cid }]))).toEqual([])
      const changed = value(await own.pollComments([post], [{ remoteId: made.uri, version: 'older' }]))
      expect(changed).toMatchObject([{ change: 'edited', version: made.cid }])
      expect(await warcOf(changed[0]?.wire)).toContain('You may not like this')
    })
  })

  test('an author is blocked and let in again, and repeating either changes nothing', async () => {
    const block = { author: pds.accounts[1]?.did ?? '', clientId: newTid(), since: new Date('2026-05-01') }
    const there = async () => {
      const { data } = await visitor.com.atproto.repo.listRecords({
        repo: pds.accounts[0]?.did ?? '',
        collection: 'app.bsky.graph.block',
      })
      return data.records.map(({ value }) => value)
    }
    for (const _ of [1, 2]) value((await account.blockAuthor?.(block)) as Outcome<unknown>)
    expect(await there()).toMatchObject([{ subject: block.author, createdAt: '2026-05-01T00:00:00.000Z' }])
    for (const _ of [1, 2]) value((await account.unblockAuthor?.(block)) as Outcome<unknown>)
    expect(await there()).toEqual([])
  })
  test('a reply is hidden and shown again, beside others', async () => {
    const post = value(await account.publish(text('Hide and seek')))
    const made = [await reply(post, 'one'), await reply(post, 'two')]
    for (const { uri } of made) value(await account.hideComment(uri))
    value(await account.showComment(made[0]?.uri ?? ''))
    const { data } = await visitor.com.atproto.repo.getRecord({
      repo: pds.accounts[0]?.did ?? '',
      collection: 'app.bsky.feed.threadgate',
      rkey: post.clientId,
    })
    expect(data.value).toMatchObject({ post: post.remoteId, hiddenReplies: [made[1]?.uri] })
  })
  test('what went over the wire is kept, without the password and the tokens of the session', async () => {
    const seen: { url: string; answer: string }[] = []
    let expired = false
    const watched: typeof globalThis.fetch = async (input, init) => {
      if (expired && String(input).includes('createRecord')) {
        expired = false
        return Response.json({ error: 'ExpiredToken', message: 'Token has expired' }, { status: 400 })
      }
      const answer = await outgoing({ allowPrivate: true })(input, init)
      seen.push({ url: String(input), answer: await answer.clone().text() })
      return answer
    }
    const { handle = '', password = '' } = pds.accounts[0] ?? {}
    const fields = { service: pds.url, handle, password }
    const own = value(await bluesky({ fetch: watched }).connect({ page: 'page', address: '', fields }))
    const answerOf = (call: string) => JSON.parse(seen.find(({ url }) => url.includes(call))?.answer ?? '')
    const session = answerOf('createSession')
    expect(session.accessJwt).toMatch(/^ey/)

    expired = true
    const posted = await own.publish(text('Mill Street is open — café too.'))
    const under = value(posted)
    const answered = await reply(under, 'Thank you for the café')
    await reply(under, 'Nobody plowed it')
    const [hidden, polled] = [await own.hideComment(answered.uri), value(await own.pollComments([under], []))]
    expect(polled).toHaveLength(2)
    const wires = [posted.wire, hidden.wire, ...polled.map(({ wire }) => wire)]
    const files = await Promise.all(wires.map(warcOf))
    // The session was renewed in the middle of the publishing.
    const renewed = answerOf('refreshSession')
    expect(renewed.refreshJwt).not.toBe(session.refreshJwt)
    expect(files[0]).toContain('com.atproto.server.refreshSession')
    const tokens = [session, renewed].flatMap(({ accessJwt, refreshJwt }) => [accessJwt, refreshJwt])
    for (const file of files) {
      expect(file).toContain('[secret removed by Plainview]')
      for (const secret of [password, ...tokens, 'Bearer', 'millbrook@example.com'])
        expect(file).not.toContain(secret)
    }
    expect(files[0]).toContain('POST /xrpc/com.atproto.repo.createRecord HTTP/1.1')
    expect(files[0]).toContain('Mill Street is open — café too.')
    expect(files[0]).toContain('{"secretsReplaced":["request header authorization"')
    // The record of a comment holds that comment alone, and a hiding repeats no words.
    const [, hiding = '', ...comments] = files
    const [thanked, other] = ['Thank you for the café', 'Nobody plowed it']
    expect(hiding).toContain(answered.uri)
    expect(hiding).not.toContain(thanked)
    for (const file of comments) expect([thanked, other].filter((one) => file.includes(one))).toHaveLength(1)
  })
  test('the wire says of a deleted reply that it is not there, and a comment that can’t be read alone is captured without', async () => {
    const post = value(await account.publish(text('Who was there?')))
    const made = await reply(post, 'I was')
    let refusing = true
    const busy: typeof globalThis.fetch = (input, init) =>
      refusing && String(input).includes('getRecord')
        ? Promise.resolve(
            Response.json({ error: 'RateLimitExceeded', message: 'slow down' }, { status: 429 }),
          )
        : outgoing({ allowPrivate: true })(input, init)
    const { handle = '', password = '' } = pds.accounts[0] ?? {}
    const fields = { service: pds.url, handle, password }
    const own = value(await bluesky({ fetch: busy }).connect({ page: 'page', address: '', fields }))
    expect(value(await own.pollComments([post], []))).toMatchObject([{ text: 'I was' }])
    refusing = false
    await visitor.deletePost(made.uri)
    const [gone] = value(await own.pollComments([post], [{ remoteId: made.uri, version: made.cid }]))
    expect(gone?.change).toBe('deleted')
    expect(await warcOf(gone?.wire)).toContain('RecordNotFound')
  })
  test('the introduction is written to the profile and leaves the rest of it', async () => {
    value(await account.writeProfile({ displayName: 'Town police', description: 'Official page.' }))
    value(await account.writeProfile({ displayName: 'Town police', description: 'The official page.' }))
    expect(value(await account.readProfile())).toMatchObject({
      displayName: 'Town police',
      description: 'The official page.',
    })
  })
  test('an app password without access to private messages is told so, and is not signed in anew', async () => {
    const [town, other] = pds.accounts
    const agent = new AtpAgent({ service: pds.url })
    await agent.login({ identifier: town?.handle ?? '', password: town?.password ?? '' })
    const { data } = await agent.com.atproto.server.createAppPassword({ name: 'plainview' })
    let signIns = 0
    const counting: typeof fetch = (input, init) => {
      if (String(input).includes('createSession')) signIns++
      return outgoing({ allowPrivate: true })(input, init)
    }
    const fields = { service: pds.url, handle: town?.handle ?? '', password: data.password }
    const limited = value(await bluesky({ fetch: counting }).connect({ page: 'p', address: '', fields }))
    const notice = { author: other?.did ?? '', comment: 'at://x/y/z', text: 'A comment was removed.' }
    expect(await limited.notifyAuthor?.(notice)).toMatchObject({
      outcome: 'refused',
      because: expect.stringMatching(/Allow access to your direct messages/),
    })
    expect(signIns).toBe(1)
    // The same password goes on doing all the rest.
    expect(await limited.readProfile()).toMatchObject({ outcome: 'done' })
  })
  test('a wrong password is refused with what to do', async () => {
    expect(await connect(pds.url, 'millbrook.test', 'wrong')).toMatchObject({
      outcome: 'refused',
      because: expect.stringContaining('app password'),
    })
  })
})

describe('a service in trouble', () => {
  /** A service that lets us in and then answers every other call with `status`. */
  async function answering(status: number, headers: Record<string, string> = {}) {
    const server = createServer((request, response) => {
      const session = request.url?.includes('createSession')
      const jwt = `e30.${Buffer.from(JSON.stringify({ exp: 4e9, sub: 'did:plc:x' })).toString('base64url')}.x`
      const body = session
        ? { did: 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa', handle: 'town.test', accessJwt: jwt, refreshJwt: jwt }
        : { error: 'Trouble', message: 'there is trouble' }
      response.writeHead(session ? 200 : status, { 'content-type': 'application/json', ...headers })
      response.end(JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    afterAll(() => server.close())
    const { port } = server.address() as AddressInfo
    return value(await connect(`http://127.0.0.1:${port}`, 'town.test', 'password'))
  }
  test('429 waits as long as it is told, and nothing is uncertain', async () => {
    const account = await answering(429, { 'retry-after': '90' })
    expect(await account.publish(text('x'))).toMatchObject({
      outcome: 'later',
      retryAfterSeconds: 90,
      uncertain: false,
    })
  })
  test('500 may have happened', async () => {
    const account = await answering(500)
    expect(await account.publish(text('x'))).toMatchObject({ outcome: 'later', uncertain: true })
    expect(await account.find(newTid())).toMatchObject({ outcome: 'later', uncertain: false })
  })
  test('400 is final', async () => {
    expect(await (await answering(400)).publish(text('x'))).toMatchObject({
      outcome: 'refused',
      because: 'Bluesky refused: there is trouble.',
    })
  })
  test('an address where nobody answers is tried later', async () => {
    expect(await connect('http://127.0.0.1:9', 'town.test', 'password')).toMatchObject({ outcome: 'later' })
  })
  test('an address in the own network is refused', async () => {
    const guarded = bluesky({ fetch: outgoing() })
    const fields = { service: 'http://127.0.0.1:2583', handle: 'town.test', password: 'x' }
    expect(await guarded.connect({ page: 'p', address: 'x', fields })).toMatchObject({ outcome: 'refused' })
  })
})

test('record keys are sortable and never the same', () => {
  const keys = Array.from({ length: 500 }, () => newTid())
  expect(new Set(keys).size).toBe(500)
  expect([...keys].sort()).toEqual(keys)
  expect(keys[0]).toMatch(/^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/)
})
