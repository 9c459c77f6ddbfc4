import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { exchanges } from './exchange.ts'

async function server(answer: RequestListener) {
  const here = createServer(answer)
  await new Promise<void>((resolve) => here.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    here.closeAllConnections()
    here.close()
  })
  return `http://127.0.0.1:${(here.address() as AddressInfo).port}`
}
function wire(how: Parameters<typeof exchanges>[0]) {
  const { call, close } = exchanges(how)
  onTestFinished(() => close().then(() => {}))
  return (url: string, more: Partial<Parameters<typeof call>[0]> = {}) =>
    call({
      ...{ method: 'GET', url, headers: [], body: Buffer.alloc(0), longest: 10_000 },
      signal: AbortSignal.timeout(10_000),
      ...more,
    })
}

test('both sides are kept as they were: packed, with every field, and with the address that answered', async () => {
  const packed = gzipSync('The pond is closed')
  const seen: string[] = []
  const origin = await server((request, response) => {
    seen.push(...request.rawHeaders)
    response.setHeader('Set-Cookie', ['a=1', 'b=2'])
    response.writeHead(200, 'Fine', { 'Content-Encoding': 'gzip' }).end(packed)
  })
  const made = await wire({ allowPrivate: true, own: null })(`${origin}/pond?x=1`, {
    method: 'POST',
    headers: [
      ['User-Agent', 'Somebody'],
      ['Connection', 'close'],
    ],
    body: Buffer.from('of=pond'),
  })
  expect(made.request.line).toBe('POST /pond?x=1 HTTP/1.1')
  expect(made.request.headers.flat()).toEqual(seen)
  expect(made.response).toMatchObject({ line: 'HTTP/1.1 200 Fine', status: 200 })
  expect(made.response.headers.filter(([name]) => name === 'Set-Cookie')).toEqual([
    ['Set-Cookie', 'a=1'],
    ['Set-Cookie', 'b=2'],
  ])
  expect(made.response.headers).toContainEqual(['X-Orig-Transfer-Encoding', 'chunked'])
  expect(made.response.body.equals(packed)).toBe(true)
  expect(made.from).toBe('127.0.0.1')
})

test('a redirect is an answer, and nobody follows it here', async () => {
  const origin = await server((_, response) => response.writeHead(302, { Location: '/further' }).end())
  const { response } = await wire({ allowPrivate: true, own: null })(origin)
  expect(response.status).toBe(302)
})

test('an answer that is too long is cut off', async () => {
  const origin = await server((_, response) => response.end(Buffer.alloc(10_001)))
  await expect(wire({ allowPrivate: true, own: null })(origin)).rejects.toMatchObject({
    name: 'AnswerTooLong',
  })
})

test('the own network is reached by the own address alone, and by none that only looks like it', async () => {
  const origin = await server((_, response) => response.end('ours'))
  const call = wire({ allowPrivate: false, own: origin })
  expect(String((await call(`${origin}/here`)).response.body)).toBe('ours')
  const { port } = new URL(origin)
  for (const other of [
    `http://127.0.0.1:${Number(port) + 1}/`,
    `http://localhost:${port}/`,
    `http://[::1]:${port}/`,
  ]) {
    const error = await call(other).catch((thrown) => thrown)
    expect([error.name, error.cause?.name], other).toContain('PrivateAddress')
  }
})
