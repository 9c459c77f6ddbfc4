import fc from 'fast-check'
import { expect, test } from 'vitest'
import { warcOf } from '../../test/warc.ts'
import { recordingFetch, recordWire, unrecorded } from './wire.ts'

const secret = 'k7 ü"/+&=-swordfish'
const answering =
  (body: BodyInit | null, init: ResponseInit = {}): typeof globalThis.fetch =>
  async () =>
    new Response(body, init)
const record = (fetch: typeof globalThis.fetch, url: string, init: RequestInit = {}, secrets = [secret]) =>
  recordWire(
    () => secrets,
    () => recordingFetch(fetch)(url, init).then((answer) => answer.text()),
  )

test('a call without secrets is kept as it was, and what came back reaches the caller', async () => {
  const json = '{ "text" : "Café",  "n":1 }'
  const fetch = answering(json, { status: 201, headers: { 'content-type': 'application/json', etag: '"1"' } })
  const init = { method: 'POST', body: 'a=1&b=2', headers: { 'content-type': 'text/plain' } }
  const { value, wire } = await record(fetch, 'https://town.example/api?cid=x', init)
  expect(value).toBe(json)
  expect(wire).toMatchObject([{ replaced: [], url: 'https://town.example/api?cid=x' }])
  const file = await warcOf(wire)
  for (const part of ['POST /api?cid=x HTTP/1.1', 'a=1&b=2', 'HTTP/1.1 201', 'etag: "1"', json])
    expect(file).toContain(part)
})

const form = { 'content-type': 'application/x-www-form-urlencoded' }
test.each<[string, string, RequestInit, ResponseInit & { body?: string }]>([
  ['request header authorization', '/', { headers: { authorization: 'Bearer hunter2' } }, {}],
  ['request header cookie', '/', { headers: { cookie: 'sid=hunter2' } }, {}],
  ['request header x-unheard-of', '/', { headers: { 'x-unheard-of': 'hunter2' } }, {}],
  ['response header set-cookie', '/', {}, { headers: { 'set-cookie': 'sid=hunter2' } }],
  ['response header dpop-nonce', '/', {}, { headers: { 'dpop-nonce': 'hunter2' } }],
  ['address parameter access_token', '/?access_token=hunter2&limit=3', {}, {}],
  ['address parameter code', '/?code=hunter2', {}, {}],
  ['request body', '/', { method: 'POST', headers: form, body: 'client_secret=hunter2&x=1' }, {}],
  ['request body', '/oauth/token', { method: 'POST', body: 'hunter2' }, {}],
  ['response body', '/v1/sessions', {}, { body: 'hunter2' }],
  [
    'response body',
    '/',
    {},
    { body: '{"a":[{"refreshJwt":"hunter2"}]}', headers: { 'content-type': 'application/json' } },
  ],
])(
  'a secret is left out, and the file says where: %s of %s',
  async (where, path, init, { body, ...answer }) => {
    const { wire } = await record(answering(body ?? null, answer), `https://town.example${path}`, init)
    expect(wire[0]?.replaced).toContain(where)
    const file = await warcOf(wire)
    expect(file).not.toContain('hunter2')
    expect(file).toContain(where)
  },
)

test('a known secret is found however it is written, and a token by its shape', async () => {
  const written = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
  ]
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl'
  const { wire } = await record(answering([...written, token].join('\n')), 'https://town.example/')
  const file = await warcOf(wire)
  for (const one of [...written, 'swordfish', token]) expect(file).not.toContain(one)
})

test('whatever bytes are sent, those without a secret are kept byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), async (bytes) => {
      const { wire } = await record(answering(Uint8Array.from(bytes)), 'https://town.example/')
      expect(wire[0]?.response?.body.equals(bytes)).toBe(true)
    }),
  )
})

test('calls side by side are kept apart; what is not about the call, and what came to nothing, is told apart', async () => {
  const fetch = recordingFetch(async (input) => {
    await new Promise((resolve) => setImmediate(resolve))
    if (String(input).endsWith('/down')) throw new TypeError('fetch failed')
    return new Response(null, { status: 204 })
  })
  const visit = (name: string) =>
    recordWire(
      () => [],
      () => fetch(`https://town.example/${name}`),
    )
  const both = await Promise.all([visit('a'), visit('b')])
  expect(both.map(({ wire }) => wire.map(({ url }) => url))).toEqual([
    ['https://town.example/a'],
    ['https://town.example/b'],
  ])
  const { wire } = await recordWire(
    () => [],
    async () => {
      await unrecorded(() => fetch('https://town.example/aside'))
      await expect(fetch('https://town.example/down')).rejects.toThrow('fetch failed')
    },
  )
  expect(wire).toMatchObject([{ url: 'https://town.example/down', response: null }])
  expect(await warcOf(wire)).not.toContain('WARC-Type: response')
})
