import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import type { ServerBuild } from 'react-router'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameDepartment } from '../../test/department.ts'
import { testInstallation } from '../../test/installation.ts'
import { freePort } from '../../test/plainview.ts'
import { createAuth } from '../department/auth.ts'
import { openDatabase } from '../storage/database.ts'
import { newId, type PersonId } from '../storage/ids.ts'
import { openLog } from './log.ts'
import { listen, site } from './server.ts'

const root = path.join(import.meta.dirname, '../..')
const password = 'correct horse battery'
let here: Awaited<ReturnType<typeof testInstallation>>
let server: Awaited<ReturnType<typeof listen>>
let bundle: ServerBuild
let folder: string
let origin: string

beforeAll(async () => {
  bundle = await import(pathToFileURL(path.join(root, 'build/server/index.js')).href)
  folder = await mkdtemp(path.join(tmpdir(), 'plainview-web-'))
  here = await testInstallation()
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  here.baseUrl = origin
  here.auth = createAuth({ ...here, secondFactor: false })
  here.log = openLog(path.join(folder, 'plainview.log'), 'info')
  await nameDepartment(here.db)
  server = await listen(site(here, bundle, { trustProxy: false }), { port, host: '127.0.0.1' })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

const get = (place: string, init: RequestInit = {}) => fetch(origin + place, { redirect: 'manual', ...init })
const post = (place: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  get(place, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { Origin: here.baseUrl, ...headers },
  })

async function somebody(email: string): Promise<PersonId> {
  const id = newId<'person'>()
  await here.db
    .insertInto('person')
    .values({ id, name: 'Sam Whitcomb', email, title: '', roles: ['pio'], designee: false })
    .execute()
  await here.db.transaction().execute((tx) => here.auth.setPassword(tx, id, password))
  return id
}
const signIn = (email: string, word = password) => post('/sign-in', { email, password: word })
const cookieOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')

describe('every answer', () => {
  test.each([
    ['a page', '/', 200],
    ['the console, when nobody is signed in', '/console', 302],
    ['an address where nothing is', '/nothing/is/here', 404],
    ['a damaged address', '/%E0%A4%A', 400],
    ['a static file', 'asset', 200],
    ['a static file that is not there', '/assets/none.js', 404],
    ['sign-in by passkey', '/api/auth/passkey/generate-authenticate-options', 200],
    ['what the sign-in library does not offer', '/api/auth/sign-up/email', 404],
    ['the feed of a page that is not there', '/none/feed', 404],
    ['health', '/health', 200],
  ])(
    '%s carries a request id, a strict Content-Security-Policy and the other headers',
    async (_, place, status) => {
      const [asset] = await readdir(path.join(root, 'build/client/assets'))
      const response = await get(place === 'asset' ? `/assets/${asset}` : place)
      expect(response.status).toBe(status)
      expectHeaders(response)
    },
  )
  test('a form from another site is refused with a sentence, and keeps the headers', async () => {
    const response = await post(
      '/sign-in',
      { email: 'a@b.example', password },
      { Origin: 'https://evil.example' },
    )
    expect(response.status).toBe(403)
    expect(await response.text()).toMatch(/sent from another site/)
    expectHeaders(response)
  })
  test.each(['/console/people/new', '/api/auth/passkey/verify-registration', '/sign-out'])(
    'a form without an origin is refused at %s',
    async (place) => {
      const form = { method: 'POST', body: new URLSearchParams({ name: 'x' }) }
      expect((await get(place, form)).status).toBe(403)
      expect((await get(place, { ...form, headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403)
    },
  )
  test('JSON from another site reaches the sign-in library with no effect', async () => {
    const response = await get('/api/auth/passkey/verify-authentication', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example', Cookie: 'a=b' },
      body: '{}',
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.headers.getSetCookie()).toEqual([])
    expectHeaders(response)
  })
  test('each has its own nonce and request id', async () => {
    const [first, second] = [await get('/sign-in'), await get('/sign-in')]
    const nonce = (response: Response) =>
      /'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1]
    expect(nonce(first)).not.toBe(nonce(second))
    expect(await second.text()).toContain(`nonce="${nonce(second)}"`)
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'))
  })
  test('HEAD is GET without the body', async () => {
    for (const place of ['/', '/sign-in', '/health', '/nothing']) {
      const [head, whole] = [await get(place, { method: 'HEAD' }), await get(place)]
      expect(head.status, place).toBe(whole.status)
      expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'))
      expect(await head.text()).toBe('')
    }
  })
  test('a fault of ours is a page that says so, with the headers and without what went wrong', async () => {
    const broken = { ...here, db: null as never }
    const own = await listen(site(broken, bundle, { trustProxy: false }), { port: 0, host: '127.0.0.1' })
    const response = await fetch(`http://127.0.0.1:${own.port}/`)
    const page = await response.text()
    await own.stop()
    expect(response.status).toBe(500)
    expect(page).toMatch(/Something went wrong/)
    expect(page).not.toMatch(/TypeError|at .*\.ts|null/)
    expectHeaders(response)
  })
})

function expectHeaders(response: Response) {
  const { headers } = response
  expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/default-src 'none'/)
  expect(policy).toMatch(/frame-ancestors 'none'/)
  expect(policy).not.toMatch(/unsafe|\*|https?:/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(headers.get('x-powered-by')).toBeNull()
}

describe('input that nobody types', () => {
  const odd = [
    '%00',
    '%E0%A4%A',
    '%FF%FE',
    '..%2f..%2fetc%2fpasswd',
    '%25%30%30',
    '💥'.repeat(50),
    "'--",
    '%0d%0aX: y',
    'a'.repeat(4000),
  ]
  test.each(odd)('in an address is never a fault of ours: %s', async (part) => {
    for (const place of [
      `/${part}`,
      `/none/posts/${part}`,
      `/images/${part}`,
      `/records-requests/${part}`,
      `/set-up/${part}`,
      `/invitation/${part}`,
      `/log/tile/${part}`,
      `/assets/${part}`,
      `/sign-in?to=${part}`,
      `/?before=${part}&page=${part}`,
      `/removals?page=${part}`,
      `/console/archive?words=${part}&page=${part}`,
    ])
      expect((await get(place)).status, place).toBeLessThan(500)
  })
  test.each([
    '=',
    ';;;',
    'plainview.session_token=%E0%A4%A',
    'plainview.session_token=%00',
    'plainview-visitor=%%%',
    'plainview-visitor=IjEi.x',
    `a=${'b'.repeat(8000)}`,
  ])('in a cookie is never a fault of ours: %s', async (cookie) => {
    for (const place of ['/', '/console', '/sign-in', '/account', '/second-factor'])
      expect((await get(place, { headers: { Cookie: cookie } })).status, place).toBeLessThan(500)
  })
  test('in a form is never a fault of ours', async () => {
    for (const text of ['\0', '\ud800', 'a\0b@example.org', 'x'.repeat(100_000)]) {
      expect((await post('/sign-in', { email: text, password: text })).status).toBeLessThan(500)
      expect((await post('/records-requests/new', { text, name: text, email: text })).status).toBeLessThan(
        500,
      )
      expect((await post('/set-up/none', { name: text, email: text, password: text })).status).toBeLessThan(
        500,
      )
    }
    const multipart = (body: string) =>
      get('/sign-in', {
        method: 'POST',
        headers: { Origin: here.baseUrl, 'Content-Type': 'multipart/form-data; boundary=x' },
        body,
      })
    for (const body of ['', '--x', '--x\r\n\r\n', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb'])
      expect((await multipart(body)).status, body).toBeLessThan(500)
    expect(
      (await get('/sign-in', { method: 'DELETE', headers: { Origin: here.baseUrl } })).status,
    ).toBeLessThan(500)
  })
  test('in a form of the console is never a fault of ours', async () => {
    const id = await somebody('careless@millbrook.example')
    await here.db
      .updateTable('person')
      .set({ roles: ['chief-executive'] })
      .where('id', '=', id)
      .execute()
    const Cookie = cookieOf(await signIn('careless@millbrook.example'))
    const begun = await post('/console/posts/new', {}, { Cookie })
    const draft = begun.headers.get('location') ?? ''
    expect(draft).toMatch(/\/draft$/)
    const typed = { version: '1', text: 'Closed\0 road', link: 'https://town.example/\0', pages: 'none' }
    expect((await post(draft, { ...typed, intent: 'save' }, { Cookie })).status).toBe(200)
    expect(await (await get(draft, { headers: { Cookie } })).text()).toContain('Closed road')
    expect(
      (await post(draft, { ...typed, version: '2', intent: 'remove-image none' }, { Cookie })).status,
    ).toBeLessThan(500)
    expect((await post('/console/log', { intent: 'end-witness', id: 'none' }, { Cookie })).status).toBe(422)
    const console = ['log', 'retention/holds/new', 'pages/new', 'requests/settings', 'requests/closed-days']
    for (const place of [draft, '/records-requests/new', ...console.map((one) => `/console/${one}`)]) {
      const damaged = await get(place, {
        method: 'POST',
        headers: { Origin: here.baseUrl, 'Content-Type': 'multipart/form-data; boundary=x', Cookie },
        body: '--x\r\nContent-Disposition: form-data',
      })
      expect(damaged.status, place).toBe(400)
    }
  })
})

describe('a body', () => {
  /** Sends `megabytes` of an image, as a browser does: to the end, whatever has been answered by then. */
  async function send(
    place: string,
    megabytes: number,
    length: 'known' | 'chunked',
    onSent: (megabytes: number) => void = () => {},
  ) {
    const socket = net.connect(server.port, '127.0.0.1')
    const piece = Buffer.alloc(1_000_000, 'x')
    let sent = 0
    let sentAtAnswer = -1
    let answer = ''
    socket.on('data', (part) => {
      if (sentAtAnswer < 0) sentAtAnswer = sent
      answer += part
    })
    const ended = once(socket, 'close').catch(() => {})
    socket.write(
      [
        `POST ${place} HTTP/1.1`,
        `Host: ${new URL(origin).host}`,
        `Origin: ${origin}`,
        'Content-Type: multipart/form-data; boundary=y',
        length === 'known' ? `Content-Length: ${megabytes * 1_000_000}` : 'Transfer-Encoding: chunked',
        '\r\n',
      ].join('\r\n'),
    )
    for (; sent < megabytes && socket.writable; sent++) {
      if (length === 'chunked') socket.write(`${piece.length.toString(16)}\r\n`)
      const more = socket.write(piece)
      if (length === 'chunked') socket.write('\r\n')
      if (!more) await Promise.race([once(socket, 'drain'), ended])
      onSent(sent + 1)
    }
    if (length === 'chunked') socket.write('0\r\n\r\n')
    socket.end()
    await ended
    return { status: Number(answer.split(' ')[1]), text: answer, sentAtAnswer, sent }
  }
  test('of 200 MB is refused with a sentence before it has come, and is not kept in memory', async () => {
    // Only what is alive counts: when garbage goes is the collector's affair.
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const alive = () => {
      collect()
      return process.memoryUsage().arrayBuffers
    }
    const before = alive()
    let most = 0
    const answer = await send('/console/posts/new', 200, 'known', (sent) => {
      if (sent % 40 === 0) most = Math.max(most, alive())
    })
    expect(answer).toMatchObject({ status: 413, sent: 200, text: expect.stringMatching(/may have 50 MB/) })
    expect(answer.sentAtAnswer).toBeLessThan(50)
    expect(most - before).toBeLessThan(120_000_000)
  })
  test('in pieces, of unknown length, is cut off at a megabyte: nobody knows yet who sends it', async () => {
    const answer = await send('/console/posts/new', 200, 'chunked')
    expect(answer).toMatchObject({ status: 413, sent: 200 })
    expect(answer.sentAtAnswer).toBeLessThan(20)
    expect(await send('/console/posts/new', 2, 'chunked')).toMatchObject({ status: 413 })
  })
  test('on the public site is refused from one megabyte', async () => {
    expect(await send('/sign-in', 2, 'known')).toMatchObject({
      status: 413,
      text: expect.stringMatching(/too long/),
    })
  })
})

describe('health', () => {
  const failing = async (change: Partial<typeof here>) => {
    const own = await listen(site({ ...here, ...change }, bundle, { trustProxy: false }), {
      port: 0,
      host: '127.0.0.1',
    })
    const response = await fetch(`http://127.0.0.1:${own.port}/health`)
    await own.stop()
    return { status: response.status, body: await response.json() }
  }
  test('all is well', async () => {
    const response = await get('/health')
    expect(await response.json()).toMatchObject({
      status: 'ok',
      database: 'ok',
      disk: 'ok',
      log: 'ok',
      jobs: 'ok',
    })
  })
  test('says which part is not, and no secret', async () => {
    expect(await failing({ blobs: { ...here.blobs, room: async () => -1 } })).toMatchObject({
      status: 503,
      body: { status: 'failing', database: 'ok', disk: expect.stringMatching(/^full/) },
    })
    expect(await failing({ jobs: { ...here.jobs, secondsBehind: async () => 3600 } })).toMatchObject({
      body: { jobs: expect.stringMatching(/^behind/), log: 'ok' },
    })
    const secret = new Error('password=swordfish at postgres://owner:swordfish@db')
    const answer = await failing({ blobs: { ...here.blobs, room: () => Promise.reject(secret) } })
    expect(answer).toMatchObject({ status: 503, body: { disk: 'can’t be looked at' } })
    expect(JSON.stringify(answer)).not.toContain('swordfish')
  })
  test('says so when the database does not answer', async () => {
    const { db } = openDatabase('postgres://nobody@127.0.0.1:1/none')
    expect(await failing({ db })).toMatchObject({
      status: 503,
      body: { status: 'failing', database: 'does not answer', disk: 'ok' },
    })
    await db.destroy()
  })
  test('says when records wait too long for the log', async () => {
    // An id tells when it was made: this one, an hour ago.
    const hourAgo = (Date.now() - 3_600_000).toString(16).padStart(12, '0')
    const id = `${hourAgo.slice(0, 8)}-${hourAgo.slice(8)}-7000-8000-000000000000`
    await sql`with made as (insert into record (id, kind, subject_kind, subject_id, by_kind, at, json, salt)
      values (${id}, 'post.test', 'post', 'x', 'system', now(), '{}', decode(repeat('00', 32), 'hex')) returning id)
      insert into record_to_log select id, decode(repeat('00', 32), 'hex') from made`.execute(here.db)
    expect((await (await get('/health')).json()).log).toMatch(/^behind/)
    await sql`delete from record_to_log where record_id = ${id}`.execute(here.db)
  })
})

describe('a session', () => {
  test('is a cookie that scripts and other sites do not get', async () => {
    await somebody('cookie@millbrook.example')
    const cookie = (await signIn('cookie@millbrook.example')).headers
      .getSetCookie()
      .find((one) => one.includes('session_token='))
    expect(cookie).toMatch(/; HttpOnly/i)
    expect(cookie).toMatch(/; SameSite=Lax/i)
    expect(cookie).toMatch(/; Path=\//i)
    expect(cookie).not.toMatch(/Domain=/i)
    expect(Number(/Max-Age=(\d+)/i.exec(cookie ?? '')?.[1])).toBeLessThanOrEqual(1800)
  })
  test('over HTTPS its cookie is Secure, and the browser is told to stay with HTTPS', async () => {
    const baseUrl = 'https://social.millbrook.example'
    const secure = { ...here, baseUrl, auth: createAuth({ ...here, baseUrl, secondFactor: false }) }
    const own = await listen(site(secure, bundle, { trustProxy: false }), { port: 0, host: '127.0.0.1' })
    const request = http.request(`http://127.0.0.1:${own.port}/sign-in`, {
      method: 'POST',
      // As the proxy before us passes it on.
      headers: {
        Host: 'social.millbrook.example',
        Origin: baseUrl,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
    })
    request.end(new URLSearchParams({ email: 'cookie@millbrook.example', password }).toString())
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    await own.stop()
    expect(response.headers['set-cookie']?.join('\n')).toMatch(
      /__Secure-plainview\.session_token=.*; Secure/i,
    )
    expect(response.headers['strict-transport-security']).toMatch(/max-age=63072000/)
  })
  test('ends after thirty minutes without use, and use prolongs it', async () => {
    const id = await somebody('idle@millbrook.example')
    const cookie = cookieOf(await signIn('idle@millbrook.example'))
    const console = () => get('/console', { headers: { Cookie: cookie } })
    expect((await console()).status).toBe(200)
    const minutesLeft = async () =>
      (
        await sql<{ left: number }>`select extract(epoch from expires_at - now())::float8 / 60 as left
          from sign_in_session where user_id = ${id}`.execute(here.db)
      ).rows[0]?.left ?? 0
    expect(await minutesLeft()).toBeGreaterThan(29)
    // Twenty minutes pass.
    const pass = (minutes: number) =>
      sql`update sign_in_session set expires_at = expires_at - make_interval(mins => ${minutes}),
        updated_at = updated_at - make_interval(mins => ${minutes}) where user_id = ${id}`.execute(here.db)
    await pass(20)
    expect((await console()).status).toBe(200)
    expect(await minutesLeft()).toBeGreaterThan(29)
    await pass(31)
    const after = await console()
    expect(after.status).toBe(302)
    expect(after.headers.get('location')).toMatch(/^\/sign-in\?to=/)
  })
  test('is refused for a while after five failures, whatever the password then is', async () => {
    const id = await somebody('locked@millbrook.example')
    for (let n = 0; n < 5; n++) expect((await signIn('locked@millbrook.example', 'guess')).status).toBe(403)
    const refused = await signIn('locked@millbrook.example')
    expect(refused.status).toBe(403)
    expect(refused.headers.getSetCookie()).toEqual([])
    expect(await refused.text()).toMatch(/Too many attempts failed/)
    await here.db
      .updateTable('person')
      .set({ locked_until: new Date(0) })
      .where('id', '=', id)
      .execute()
    expect((await signIn('locked@millbrook.example')).status).toBe(302)
  })
})

test('the log file holds nothing of what people typed, nor what lets them in', async () => {
  const words = [
    'swordfish-word',
    'ada.quill@example.org',
    'plow-never-came',
    'token-of-invitation',
    'search-for-me',
  ]
  await signIn('ada.quill@example.org', 'swordfish-word')
  await post('/records-requests/new', { text: 'plow-never-came', email: 'ada.quill@example.org' })
  await get('/set-up/token-of-invitation')
  await get('/invitation/token-of-invitation')
  await get('/records-requests/token-of-invitation')
  await get('/?words=search-for-me')
  const failing = { ...here, db: here.db }
  failing.log.error(
    {
      err: Object.assign(new Error('invalid input syntax for type date: "ada.quill@example.org"'), {
        detail: 'Key (email)=(ada.quill@example.org) exists.',
      }),
    },
    'request failed',
  )
  const text = await readFile(path.join(folder, 'plainview.log'), 'utf8')
  for (const word of words) expect(text).not.toContain(word)
  expect(text).toContain('/invitation/…')
  // And what an operator needs is there.
  expect(text).toMatch(/"request":"[0-9a-f-]{36}","method":"GET","path":"\/","status":200/)
})
