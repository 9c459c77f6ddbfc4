import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import path from 'node:path'
import { type HttpBindings, serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { HTTPException } from 'hono/http-exception'
import { secureHeaders } from 'hono/secure-headers'
import { createRequestHandler, type ServerBuild } from 'react-router'
import type { Installation } from '../installation.ts'
import type { Settings } from '../settings.ts'
import { CannotStart, codeOf } from '../storage/cannot-start.ts'
import { newId } from '../storage/ids.ts'
import { pathForLog } from './path-for-log.ts'
import { sharedAnswers } from './shared-answers.ts'

const clientFolder = path.join(import.meta.dirname, '../../build/client')

type Bundle = ServerBuild & {
  entry: { module: { contextFor(installation: Installation, nonce: string, clientAddress: string): never } }
}

/** The whole site of one installation: static files, security headers, and the screens of `bundle`. */
export function site(
  installation: Installation,
  bundle: ServerBuild,
  { trustProxy }: Pick<Settings, 'trustProxy'>,
): Hono {
  const { log, baseUrl } = installation
  // Before it reaches a screen, csrf() below has compared a form's origin with the address people use. The router would
  // compare it with the address that the request came to, which behind a proxy is another.
  const allowedActionOrigins = [new URL(baseUrl).host]
  const screens = createRequestHandler({ ...bundle, allowedActionOrigins }, 'production')
  const { contextFor } = (bundle as Bundle).entry.module
  const https = baseUrl.startsWith('https://')
  const answer = async (request: Request, address: string, nonce: string) => {
    const response = await screens(request, contextFor(installation, nonce, address))
    response.headers.set('Content-Security-Policy', contentSecurityPolicy(nonce))
    return response
  }
  const shared = sharedAnswers({
    routes: bundle.routes,
    baseUrl,
    // What everybody gets has no script of its own, and so no nonce that others could know.
    render: (request) => answer(request, '', ''),
  })
  return new Hono()
    .use(async (c, next) => {
      const started = performance.now()
      const request = newId()
      await next()
      c.res.headers.set('X-Request-Id', request)
      log.info({
        request,
        method: c.req.method,
        path: pathForLog(c.req.path),
        status: c.res.status,
        milliseconds: Math.round(performance.now() - started),
      })
    })
    .use(
      secureHeaders({
        // What is no screen (files, errors) loads and runs nothing; a screen's own policy replaces this one.
        contentSecurityPolicy: {
          defaultSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
        xFrameOptions: 'DENY',
        referrerPolicy: 'same-origin',
        strictTransportSecurity: https ? 'max-age=63072000; includeSubDomains' : false,
        crossOriginEmbedderPolicy: false,
        overwrite: false,
      }),
    )
    .use(async (c, next) => {
      if (!readable(c.req.path) || !readable(new URL(c.req.url).search))
        return c.text('This address can’t be read: it is damaged. Copy the whole link and try again.', 400)
      await next()
    })
    .use(
      '/assets/*',
      serveStatic({
        root: clientFolder,
        onFound: (_, c) => c.header('Cache-Control', 'public, max-age=31536000, immutable'),
      }),
    )
    .use(csrf({ origin: new URL(baseUrl).origin }))
    .use((c, next) => {
      const { path } = c.req
      if (uploads.has(path)) return next()
      // What says its length is read when it is known who sends it; what does not is read here, and into memory.
      const saysLength = c.req.header('content-length') && !c.req.header('transfer-encoding')
      return path.startsWith('/console/') && saysLength ? formLimit(c, next) : publicFormLimit(c, next)
    })
    .all('/api/auth/passkey/*', (c) => installation.auth.handler(c.req.raw))
    .all(
      '*',
      async (c) =>
        (await shared(c.req.raw)) ??
        answer(c.req.raw, clientAddress(c, trustProxy), randomBytes(16).toString('base64')),
    )
    .onError((error, c) => {
      if (error instanceof HTTPException && error.status === 403)
        return c.text(
          `This form was sent from another site, so it was not taken. Open ${baseUrl} and send it from there.`,
          403,
        )
      log.error({ err: error, method: c.req.method, path: pathForLog(c.req.path) }, 'request failed')
      return c.text(
        'Something went wrong. The fault is ours, and it has been noted. Please try again in a minute.',
        500,
      )
    })
}

const formLimit = bodyLimit({
  maxSize: 50_000_000,
  onError: (c) =>
    c.text(
      'This is too large: a form with its images may have 50 MB. Make the images smaller and send it again.',
      413,
    ),
})

/** Whoever isn't signed in has no image to send, and browsers say how long a form is. */
const publicFormLimit = bodyLimit({
  maxSize: 1_000_000,
  onError: (c) => c.text('This is too long. Shorten it and send it again.', 413),
})

/** What takes files of any size: it puts them on the disk piece by piece instead of reading them into memory. */
const uploads: ReadonlySet<string> = new Set(['/console/imports/new'])

/** Whether percent-encodings are of UTF-8, and no NUL is in it, which no text of ours or the database's can hold. */
function readable(part: string): boolean {
  try {
    return !decodeURIComponent(part).includes('\0')
  } catch {
    return false
  }
}

/** Where a request comes from. Behind a proxy of the department's own, what the proxy says. */
function clientAddress(c: Context, trustProxy: boolean): string {
  const forwarded = trustProxy ? c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() : undefined
  return forwarded || (c.env as HttpBindings | undefined)?.incoming?.socket.remoteAddress || ''
}

/** Nothing from elsewhere, no inline style or script but this response's own (CSP Level 3). */
const contentSecurityPolicy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self'${nonce && ` 'nonce-${nonce}'`}`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Listens, and answers with a way to stop that lets requests in progress finish. */
export async function listen(
  site: Hono,
  { port, host }: Pick<Settings, 'port' | 'host'>,
): Promise<{ port: number; stop(): Promise<void> }> {
  const server = serve({
    fetch: site.fetch,
    port,
    hostname: host,
    autoCleanupIncoming: false,
    // An upload of many gigabytes takes hours. Who sends no headers is still cut off after a minute.
    serverOptions: { requestTimeout: 24 * 3_600_000 },
  })
  server.on('request', (incoming: IncomingMessage, answer: NodeJS.EventEmitter) =>
    answer.once('finish', () => readOn(incoming)),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', (error) => reject(new CannotStart(whyNot(error, port, host), { cause: error })))
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The server listens on no port.')
  return {
    port: address.port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        // A download that a stranger takes slowly does not keep us from stopping.
        if ('closeAllConnections' in server)
          setTimeout(() => server.closeAllConnections(), patienceSeconds * 1000).unref()
      }),
  }
}

const patienceSeconds = 10

/**
 * A browser that is still sending when its answer comes shows the answer only if we go on taking what it sends.
 * It goes nowhere and costs no memory; whoever sends more than any honest form is cut off.
 */
function readOn(incoming: IncomingMessage) {
  if (incoming.readableEnded || incoming.destroyed) return
  let bytes = 0
  // Nobody reads the form any more: what would have been read stays out of memory, and out of the way.
  incoming.removeAllListeners('data')
  const timer = setTimeout(() => incoming.socket.destroy(), 3 * patienceSeconds * 1000).unref()
  incoming.on('data', (piece: Buffer) => {
    bytes += piece.length
    if (bytes > 500_000_000) incoming.socket.destroy()
  })
  incoming.once('close', () => clearTimeout(timer))
  incoming.resume()
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  const code = codeOf(error)
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Stop that program, or set PORT to another number.`
  if (code === 'EACCES') return `This user may not listen on port ${port}. Set PORT to a number from 1024 up.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `This machine has no address ${host}. Set PLAINVIEW_HOST to 127.0.0.1, 0.0.0.0 or one of its own.`
  return `Plainview can’t listen on ${host}, port ${port}: ${error.message}`
}
