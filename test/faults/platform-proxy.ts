import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { atEndOfFile } from '../endings.ts'

/** What becomes of one call: it is passed on, or a test does something else with it. */
export type Handling = (
  call: { method: string; path: string; passOn: () => Promise<Response> },
  answer: ServerResponse,
) => Promise<'pass' | 'handled'>

/**
 * A server between Plainview and a platform. It passes every call on, counts them by the last part of their path,
 * and lets a test lay its hand on any of them.
 */
export async function platformProxy(target: string) {
  const calls: string[] = []
  let handle: Handling = async () => 'pass'
  const server = createServer(async (request, response) => {
    try {
      await serve(request, response)
    } catch (error) {
      response.destroy(error as Error)
    }
  })
  async function serve(request: IncomingMessage, response: ServerResponse) {
    const path = request.url ?? '/'
    const body = await buffer(request)
    calls.push(path.split('?')[0]?.split('/').at(-1) ?? '')
    const passOn = () =>
      fetch(new URL(path, target), {
        method: request.method ?? 'GET',
        headers: Object.entries(request.headers)
          .filter(
            ([name]) =>
              !['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'].includes(
                name,
              ),
          )
          .map(([name, value]) => [name, String(value)]),
        body: body.length > 0 ? body : null,
      })
    if ((await handle({ method: request.method ?? '', path, passOn }, response)) === 'handled') return
    await forward(await passOn(), response)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  atEndOfFile(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    /** From now on every call goes through `next`. */
    on: (next: Handling) => {
      handle = next
    },
  }
}

export async function forward(from: Response, to: ServerResponse) {
  const content = Buffer.from(await from.arrayBuffer())
  const headers = [...from.headers].filter(
    ([name]) => !['content-encoding', 'content-length', 'transfer-encoding', 'connection'].includes(name),
  )
  to.writeHead(from.status, Object.fromEntries(headers)).end(content)
}
