import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { PlatformAccount } from '../contract.ts'
import { outgoing } from '../outgoing.ts'
import { recordWire } from '../wire.ts'
import { bluesky } from './bluesky.ts'
import { whyNot } from './direct-message.ts'

const did = 'did:plc:aaaaaaaaaaaaaaaaaaaaaaaa'
const author = 'did:plc:bbbbbbbbbbbbbbbbbbbbbbbb'
const text =
  'Millbrook Police removed a comment of yours. Appeal: https://town.example/comment-appeals/ABCD-1234 (code ABCD-1234).'
const notice = { author, comment: `at://${author}/app.bsky.feed.post/3k`, text }

/** The chat service behind an account's server, as the lexicons of chat.bsky.convo describe it. */
const service = {
  messages: [] as { id: string; rev: string; text: string; sender: { did: string }; sentAt: string }[],
  calls: [] as { method: string; proxy: string | undefined }[],
  /** Answers a method in place of the service; 'cut' takes the call in and closes the line. */
  instead: {} as Record<string, { status: number; body: object } | 'cut'>,
}
let account: PlatformAccount

beforeAll(async () => {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost')
    const method = url.pathname.replace('/xrpc/', '')
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const body = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : {}
    const answer = (status: number, what: object) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(what))
    }
    if (method === 'com.atproto.server.createSession') {
      const jwt = `e30.${Buffer.from(JSON.stringify({ exp: 4e9, sub: did })).toString('base64url')}.x`
      return answer(200, { did, handle: 'town.test', accessJwt: jwt, refreshJwt: jwt })
    }
    service.calls.push({ method, proxy: request.headers['atproto-proxy'] as string | undefined })
    const instead = service.instead[method]
    if (instead && instead !== 'cut') return answer(instead.status, instead.body)
    if (method === 'chat.bsky.convo.getConvoForMembers')
      return answer(200, {
        convo: {
          id: 'convo1',
          rev: '22222222222222',
          members: [did, url.searchParams.get('members')].map((one) => ({ did: one, handle: 'x.test' })),
          muted: false,
          unreadCount: 0,
          status: 'accepted',
        },
      })
    if (method === 'chat.bsky.convo.getMessages') {
      const limit = Number(url.searchParams.get('limit'))
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const newestFirst = service.messages.toReversed()
      return answer(200, {
        messages: newestFirst.slice(from, from + limit).map((message) => ({
          $type: 'chat.bsky.convo.defs#messageView',
          ...message,
        })),
        ...(newestFirst.length > from + limit ? { cursor: String(from + limit) } : {}),
      })
    }
    service.messages.push(view(did, body.message.text))
    if (instead === 'cut') return response.destroy()
    answer(200, service.messages.at(-1) ?? {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterAll(() => server.close())
  const { port } = server.address() as AddressInfo
  const fields = { service: `http://127.0.0.1:${port}`, handle: 'town.test', password: 'abcd-efgh-ijkl-mnop' }
  const opened = await bluesky({ fetch: outgoing({ allowPrivate: true }) }).connect({
    ...{ page: 'page', address: '', fields },
  })
  if (opened.outcome !== 'done') throw new Error(opened.because)
  account = opened.value
})
beforeEach(() => Object.assign(service, { messages: [], calls: [], instead: {} }))

const view = (sender: string, words: string) => ({
  id: `m${service.messages.length}`,
  rev: '22222222222222',
  text: words,
  sender: { did: sender },
  sentAt: '2026-09-01T10:00:00.000Z',
})
const tell = async (what = notice) => {
  if (!account.notifyAuthor) throw new Error('No notices here.')
  return account.notifyAuthor(what)
}
const refusing = (error: string, message: string, method = 'chat.bsky.convo.getConvoForMembers') => {
  service.instead = { [method]: { status: 400, body: { error, message } } }
}

describe('a notice to an author on Bluesky', () => {
  test('is a private message through the account’s own server, looked for before it is sent', async () => {
    expect(await tell()).toMatchObject({ outcome: 'done' })
    expect(service.messages.map((message) => message.text)).toEqual([text])
    expect(service.calls.map(({ method }) => method)).toEqual([
      'chat.bsky.convo.getConvoForMembers',
      'chat.bsky.convo.getMessages',
      'chat.bsky.convo.sendMessage',
    ])
    expect(new Set(service.calls.map(({ proxy }) => proxy))).toEqual(
      new Set(['did:web:api.bsky.chat#bsky_chat']),
    )
  })

  test('is sent once, however often it is asked for, also far up in the conversation', async () => {
    await tell()
    for (let n = 0; n < 250; n++) service.messages.push(view(author, `Why? ${n}`))
    expect(await tell()).toMatchObject({ outcome: 'done' })
    expect(service.messages.filter((message) => message.sender.did === did)).toHaveLength(1)
    // What the author quotes is not what we sent, and another notice is another message.
    service.messages = [view(author, text)]
    await tell()
    await tell({ ...notice, text: text.replaceAll('ABCD', 'EFGH') })
    expect(service.messages.filter((message) => message.sender.did === did)).toHaveLength(2)
  })

  test('that may have arrived when the line was cut is uncertain, and found by the next try', async () => {
    service.instead = { 'chat.bsky.convo.sendMessage': 'cut' }
    expect(await tell()).toMatchObject({ outcome: 'later', uncertain: true })
    service.instead = {}
    expect(await tell()).toMatchObject({ outcome: 'done' })
    expect(service.messages).toHaveLength(1)
  })

  test.each([
    [
      'NotFollowedBySender',
      'recipient requires incoming messages to come from someone they follow',
      /follow/,
    ],
    ['InvalidRequest', 'recipient requires incoming messages to come from someone they follow', /follow/],
    ['MessagesDisabled', 'recipient has disabled incoming messages', /takes no private messages/],
    ['InvalidRequest', 'recipient has disabled incoming messages', /takes no private messages/],
    ['BlockedActor', 'block between recipient and sender', /blocked/],
    ['RecipientNotFound', 'recipient does not exist', /not on Bluesky any more/],
    ['AccountSuspended', 'Account is suspended', /suspended/],
    ['InvalidRequest', 'Account is disabled', /suspended/],
    ['InvalidToken', 'Bad token method', /Allow access to your direct messages/],
    ['InvalidToken', 'Bad token scope', /Allow access to your direct messages/],
    ['XRPCNotSupported', 'XRPCNotSupported', /carries no private messages/],
  ])('that is refused with %s, “%s”, says why to the moderators', async (error, message, because) => {
    refusing(error, message)
    expect(await tell()).toMatchObject({ outcome: 'refused', because: expect.stringMatching(because) })
    expect(service.messages).toEqual([])
  })
  test('whose recipient shut the door since the conversation began says why as well', async () => {
    refusing('InvalidRequest', 'recipient has disabled incoming messages', 'chat.bsky.convo.sendMessage')
    expect(await tell()).toMatchObject({ outcome: 'refused', because: expect.stringMatching(/takes no/) })
    refusing('ConvoLocked', 'Convo is locked', 'chat.bsky.convo.sendMessage')
    expect(await tell()).toMatchObject({ outcome: 'refused', because: expect.stringMatching(/locked/) })
  })

  test('is tried again when the chat service is away or asks to wait', async () => {
    refusing('InvalidRequest', 'could not resolve proxy did service url')
    expect(await tell()).toMatchObject({ outcome: 'later' })
    refusing('InvalidConvo', 'Convo not found', 'chat.bsky.convo.sendMessage')
    expect(await tell()).toMatchObject({ outcome: 'later' })
    service.instead = {
      'chat.bsky.convo.getConvoForMembers': {
        status: 429,
        body: { error: 'RateLimitExceeded', message: 'Rate Limit Exceeded' },
      },
    }
    expect(await tell()).toMatchObject({ outcome: 'later', uncertain: false })
  })

  test('longer than a message may be is not sent', async () => {
    expect(await tell({ ...notice, text: 'x'.repeat(1001) })).toMatchObject({
      outcome: 'refused',
      because: expect.stringMatching(/longer than the 1000 characters/),
    })
    expect(service.calls).toEqual([])
  })

  test('leaves nothing in what is kept of the wire: neither its code nor what the author wrote', async () => {
    service.messages = [view(author, 'Leave me alone.')]
    const { value, wire } = await recordWire(
      () => [],
      () => tell(),
    )
    expect(wire).toEqual([])
    if (value.outcome !== 'done') throw new Error(value.because)
    expect(value.wire).toBeUndefined()
    expect(new TextDecoder().decode(value.value.raw.content)).not.toMatch(/ABCD-1234|Leave me alone/)
  })
})

test('what may pass is no reason to give up', () => {
  expect(whyNot({ error: 'UpstreamFailure', message: 'Upstream Failure' })).toBeNull()
  expect(whyNot({ error: 'ExpiredToken', message: 'Token has expired' })).toBeNull()
})
