import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { type HttpBindings, serve } from '@hono/node-server'
import { serveStatic } from '@hono/node-server/serve-static'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { csrf } from 'hono/csrf'
import { secureHeaders } from 'hono/secure-headers'
import { createRequestHandler, type ServerBuild } from 'react-router'
import type { Installation } from '../installation.ts'
import { newId } from '../storage/ids.ts'
import { sharedAnswers } from './shared-answers.ts'

const clientFolder = path.join(import.meta.dirname, '../../build/client')

type Bundle = ServerBuild & {
  entry: { module: { contextFor(installation: Installation, nonce: string, clientAddress: string): never } }
}

/** The whole site of one installation: static files, security headers, and the screens of `bundle`. */
export function site(installation: Installation, bundle: ServerBuild): Hono {
  const { log, baseUrl } = installation
  const screens = createRequestHandler(bundle, 'production')
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
      c.header('X-Request-Id', request)
      await next()
      // The path without its query: what people search for or are sent by link stays out of the logs.
      log.info({
        request,
        method: c.req.method,
        path: c.req.path,
        status: c.res.status,
        milliseconds: Math.round(performance.now() - started),
      })
    })
    .use(
      '/assets/*',
      serveStatic({
        root: clientFolder,
        onFound: (_, c) => c.header('Cache-Control', 'public, max-age=31536000, immutable'),
      }),
    )
    .use(
      secureHeaders({
        xFrameOptions: 'DENY',
        referrerPolicy: 'same-origin',
        strictTransportSecurity: https ? 'max-age=63072000; includeSubDomains' : false,
        crossOriginEmbedderPolicy: false,
      }),
    )
    .use(csrf({ origin: new URL(baseUrl).origin }))
    .use((c, next) => (uploads.has(c.req.path) ? next() : limited(c, next)))
    .all('/api/auth/passkey/*', (c) => installation.auth.handler(c.req.raw))
    .all(
      '*',
      async (c) =>
        (await shared(c.req.raw)) ?? answer(c.req.raw, clientAddress(c), randomBytes(16).toString('base64')),
    )
}

const limited = bodyLimit({
  maxSize: 50_000_000,
  onError: (c) =>
    c.text(
      'This is too large: a form with its images may have 50 MB. Make the images smaller and send it again.',
      413,
    ),
})

/** What takes files of any size: it puts them on the disk piece by piece instead of reading them into memory. */
const uploads: ReadonlySet<string> = new Set(['/console/imports/new', '/console/imports/upload'])

/** Where a request comes from. Behind a proxy of the department's own, what the proxy says. */
function clientAddress(c: Context): string {
  const forwarded = process.env.PLAINVIEW_TRUST_PROXY
    ? c.req.header('x-forwarded-for')?.split(',').at(-1)
    : undefined
  return forwarded?.trim() ?? (c.env as HttpBindings | undefined)?.incoming?.socket.remoteAddress ?? ''
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

/** Listens on `port` and answers with a way to stop that lets requests in progress finish. */
export async function listen(
  site: Hono,
  port: number,
  hostname: string,
): Promise<{ port: number; stop(): Promise<void> }> {
  const server = serve({
    fetch: site.fetch,
    port,
    hostname,
    // An upload of many gigabytes takes hours. Who sends no headers is still cut off after a minute.
    serverOptions: { requestTimeout: 24 * 3_600_000 },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve)
    server.once('error', reject)
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('The server listens on no port.')
  return {
    port: address.port,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
