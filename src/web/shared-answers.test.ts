import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { sharedAnswers } from './shared-answers.ts'

const route = (id: string, path: string, handle?: object) => [id, { id, path, module: { handle } }] as const
const routes = Object.fromEntries([
  route('frame', ''),
  route('news', 'news', { forEverybody: true }),
  route('other', 'other', { forEverybody: true }),
  route('console', 'console'),
]) as never

let clock = 0
let made: Request[] = []
let make: (request: Request) => Promise<Response>
let ask: (path: string, init?: RequestInit) => Promise<Response | null>

beforeEach(() => {
  clock = 0
  made = []
  make = async (request) => new Response(`${new URL(request.url).pathname} at ${clock}`)
  const answers = sharedAnswers({
    routes,
    baseUrl: 'https://social.example',
    render: (request) => {
      made.push(request)
      return make(request)
    },
    now: () => clock,
  })
  ask = (path, init) => answers(new Request(`http://elsewhere.example${path}`, init))
})
const text = async (answer: Promise<Response | null>) => (await answer)?.text()

describe('an answer for everybody', () => {
  test('is made once a second and address, however many ask', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => text(ask('/news'))))
    expect(new Set(all)).toEqual(new Set(['/news at 0']))
    clock = 999
    expect(await text(ask('/news'))).toBe('/news at 0')
    expect(await text(ask('/news?before=1'))).toBe('/news at 999')
    expect(made).toHaveLength(2)
    clock = 1000
    expect(await text(ask('/news'))).toBe('/news at 1000')
  })

  test('is never older than a second, whoever asks when, and however long it took to make', async () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 1500 }),
      path: fc.constantFrom('/news', '/other'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        clock = 0
        const waiting: (() => void)[] = []
        const answers = sharedAnswers({
          routes,
          baseUrl: 'https://social.example',
          render: () => {
            const read = clock
            return new Promise((resolve) => waiting.push(() => resolve(new Response(String(read)))))
          },
          now: () => clock,
        })
        const given = steps.map(({ wait, path }) => {
          clock += wait
          // Every other answer is ready at once, the rest only at the end.
          if (wait % 2 === 0) for (const go of waiting.splice(0)) go()
          return { asked: clock, answer: answers(new Request(`http://x.example${path}`)) }
        })
        await new Promise((resolve) => setImmediate(resolve))
        for (const go of waiting.splice(0)) go()
        for (const { asked, answer } of given)
          expect(Number(await text(answer))).toBeGreaterThan(asked - 1000)
      }),
    )
  })

  test('is made from nothing but the address', async () => {
    await ask('/news?before=2', { headers: { Cookie: 'theme=dark', 'X-Forwarded-For': '192.0.2.7' } })
    expect(made[0]?.url).toBe('https://social.example/news?before=2')
    expect([...(made[0]?.headers.keys() ?? [])]).toEqual([])
  })

  test('is not for those who are signed in or wrote a comment, nor for forms, nor of other screens', async () => {
    for (const cookie of [
      'plainview.session_token=x',
      '__Secure-plainview.session_token=x',
      'a=b; plainview-visitor=x',
    ])
      expect(await ask('/news', { headers: { Cookie: cookie } })).toBeNull()
    expect(await ask('/news', { method: 'POST' })).toBeNull()
    expect(await ask('/console')).toBeNull()
    expect(await ask('/nowhere')).toBeNull()
    expect(made).toEqual([])
  })

  test('sets no cookie, and lets a browser ask whether it changed', async () => {
    make = async () =>
      new Response('same', { headers: { 'Set-Cookie': 'a=b', 'Cache-Control': 'private, no-cache' } })
    const first = await ask('/news')
    expect(first?.headers.get('Set-Cookie')).toBeNull()
    expect(first?.headers.get('Cache-Control')).toBe('public, no-cache')
    const tag = first?.headers.get('ETag') ?? ''
    clock = 5000
    const again = await ask('/news', { headers: { 'If-None-Match': tag } })
    expect(again?.status).toBe(304)
    expect(await again?.text()).toBe('')
    expect((await ask('/news', { headers: { 'If-None-Match': '"old"' } }))?.status).toBe(200)
  })

  test('that says what went wrong is given to nobody who comes later', async () => {
    make = async () => new Response('broken', { status: 500 })
    expect((await ask('/news'))?.status).toBe(500)
    make = async () => Promise.reject(new Error('the database is away'))
    await expect(ask('/news')).rejects.toThrow('the database is away')
    make = async () => new Response('well again')
    expect(await text(ask('/news'))).toBe('well again')
  })

  test('takes no more memory than it may, however many addresses are asked for', async () => {
    let alive = 0
    make = async () => new Response(new Uint8Array(3_000_000))
    for (let n = 0; n < 40; n++) await ask(`/news?n=${n}`)
    for (let n = 0; n < 40; n++) {
      const before = made.length
      await ask(`/news?n=${39 - n}`)
      if (made.length > before) break
      alive += 1
    }
    expect(alive).toBe(21)
  })
})
