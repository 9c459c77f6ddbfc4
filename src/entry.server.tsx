import { PassThrough } from 'node:stream'
import { createReadableStreamFromReadable } from '@react-router/node'
import { renderToPipeableStream } from 'react-dom/server'
import { type EntryContext, RouterContextProvider, ServerRouter } from 'react-router'
import type { Installation } from './installation.ts'
import { addressContext, installationContext, nonceContext } from './web/context.ts'
import { Nonce } from './web/nonce.tsx'
import { pathForLog } from './web/path-for-log.ts'

/**
 * The context of one request. It is made here, inside the bundle, because a context's key is an object:
 * the server outside the bundle would set another one.
 */
export function contextFor(
  installation: Installation,
  nonce: string,
  clientAddress: string,
): RouterContextProvider {
  const context = new RouterContextProvider()
  context.set(installationContext, installation)
  context.set(nonceContext, nonce)
  context.set(addressContext, clientAddress)
  return context
}

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  entry: EntryContext,
  context: RouterContextProvider,
): Promise<Response> {
  const nonce = context.get(nonceContext)
  return new Promise((resolve, reject) => {
    let code = status
    const stream = renderToPipeableStream(
      <Nonce.Provider value={nonce}>
        <ServerRouter context={entry} url={request.url} nonce={nonce} />
      </Nonce.Provider>,
      {
        nonce,
        // Whole pages only: nothing here streams late, and a page that fails half-way should be an error page.
        onAllReady() {
          const body = new PassThrough()
          headers.set('Content-Type', 'text/html; charset=utf-8')
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status: code }))
          stream.pipe(body)
        },
        onShellError: reject,
        onError(error) {
          code = 500
          context
            .get(installationContext)
            .log.error({ err: error, path: pathForLog(new URL(request.url).pathname) }, 'rendering failed')
        },
      },
    )
  })
}

export function handleError(
  error: unknown,
  { request, context }: { request: Request; context: RouterContextProvider },
) {
  if (request.signal.aborted) return
  context
    .get(installationContext)
    .log.error({ err: error, path: pathForLog(new URL(request.url).pathname) }, 'request failed')
}
