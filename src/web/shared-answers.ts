import { createHash } from 'node:crypto'
import { matchRoutes, type RouteObject, type ServerBuild } from 'react-router'

/** How long an answer may be given to others, counted from before it read anything (decision 011). */
const milliseconds = 1000
/** A larger answer is not kept, and all together take no more than this; both in bytes. */
const largest = 4_000_000
const altogether = 64_000_000

interface Shared {
  began: number
  answer: Promise<{ status: number; headers: Headers; body: Uint8Array<ArrayBuffer> }>
  bytes: number
}

/**
 * Gives everybody who asks within a second the same answer of a public screen, made once. It is made from a request
 * that carries nothing but its address, so nothing of one visitor can be in it. Whoever has a cookie of ours, signed
 * in or the author of a comment, is not answered here. A screen opts in: `export const handle = { forEverybody: true }`.
 */
export function sharedAnswers({
  routes,
  baseUrl,
  render,
  now = () => performance.now(),
}: {
  routes: ServerBuild['routes']
  baseUrl: string
  render: (request: Request) => Promise<Response>
  now?: () => number
}): (request: Request) => Promise<Response | null> {
  const tree = treeOf(routes)
  const kept = new Map<string, Shared>()
  let bytes = 0

  return async (request) => {
    if (request.method !== 'GET' || knowsUs(request.headers)) return null
    const { pathname, search } = new URL(request.url)
    const address = pathname + search
    let shared = kept.get(address)
    if (!shared || now() - shared.began >= milliseconds) {
      if (!isForEverybody(tree, pathname)) return null
      shared = begin(address)
    }
    const { status, headers, body } = await shared.answer
    if (status === 200 && request.headers.get('If-None-Match') === headers.get('ETag'))
      return new Response(null, { status: 304, headers })
    return new Response(body, { status, headers })
  }

  function begin(address: string): Shared {
    const shared: Shared = { began: now(), answer: make(address), bytes: 0 }
    forget(address)
    kept.set(address, shared)
    shared.answer.then(
      ({ status, body }) => {
        if (kept.get(address) !== shared) return
        // Whoever waited for it gets it; only what is good and small is given to those who come later.
        if (status !== 200 || body.length > largest) return forget(address)
        shared.bytes = body.length
        bytes += body.length
        makeRoom()
      },
      () => kept.get(address) === shared && forget(address),
    )
    return shared
  }

  async function make(address: string) {
    const response = await render(new Request(baseUrl + address))
    const body = new Uint8Array(await response.arrayBuffer())
    const headers = new Headers(response.headers)
    headers.delete('Set-Cookie')
    if (!headers.get('Cache-Control')?.includes('public')) {
      // A browser asks each time whether it changed: what is a second old here must not grow older there.
      headers.set('Cache-Control', 'public, no-cache')
      headers.set('Vary', 'Cookie')
    }
    if (!headers.has('ETag')) headers.set('ETag', `"${createHash('sha256').update(body).digest('hex')}"`)
    return { status: response.status, headers, body }
  }

  function forget(address: string) {
    bytes -= kept.get(address)?.bytes ?? 0
    kept.delete(address)
  }

  /** The oldest go first: a map keeps the order in which its entries came. */
  function makeRoom() {
    for (const [address, { began }] of kept) {
      if (bytes <= altogether && now() - began < milliseconds) return
      forget(address)
    }
  }
}

/** Whether the request carries a sign-in or a visitor's token. All our cookies have this name in theirs. */
const knowsUs = (headers: Headers) => headers.get('Cookie')?.includes('plainview') ?? false

const isForEverybody = (tree: RouteObject[], pathname: string) =>
  (matchRoutes(tree, pathname)?.at(-1)?.route.handle as { forEverybody?: boolean } | undefined)
    ?.forEverybody === true

/** The routes of the server's bundle as the router matches them. */
function treeOf(routes: ServerBuild['routes'], parent?: string): RouteObject[] {
  return Object.values(routes).flatMap((route) => {
    if (!route || route.parentId !== parent) return []
    const { id, path, index, caseSensitive, module } = route
    const own = {
      id,
      handle: module.handle,
      ...(path === undefined ? {} : { path }),
      ...(caseSensitive ? { caseSensitive } : {}),
    }
    return [index ? { ...own, index: true as const } : { ...own, children: treeOf(routes, id) }]
  })
}
