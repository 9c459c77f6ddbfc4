import { type ReactNode, useContext } from 'react'
import {
  isRouteErrorResponse,
  Links,
  Meta,
  Outlet,
  Scripts,
  ScrollRestoration,
  useLocation,
  useMatches,
} from 'react-router'
import type { Route } from './+types/root'
import { Nonce } from './web/nonce.tsx'
import icon from './web/styles/icon.svg'
import './web/styles/plainview.scss'

/** A public page says `export const handle = { scripts: false }`: it is whole without any script. */
const wantsScripts = (match: { handle?: unknown }) =>
  (match.handle as { scripts?: boolean } | undefined)?.scripts !== false

export function Layout({ children }: { children: ReactNode }) {
  const nonce = useContext(Nonce)
  const scripts = useMatches().every(wantsScripts)
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" type="image/svg+xml" href={icon} />
        <Meta />
        <Links nonce={nonce} />
      </head>
      <body>
        <a className="usa-skipnav" href="#main">
          Skip to main content
        </a>
        {children}
        {scripts && <ScrollRestoration nonce={nonce} />}
        {scripts && <Scripts nonce={nonce} />}
      </body>
    </html>
  )
}

export default function Root() {
  return <Outlet />
}

export function ErrorBoundary({ error }: Route.ErrorBoundaryProps) {
  const { pathname } = useLocation()
  const inConsole = pathname.startsWith('/console')
  const { title, words } = explained(error)
  return (
    <main id="main" className="grid-container padding-y-6 measure-5">
      <title>{title}</title>
      <h1>{title}</h1>
      <p className="usa-intro">{words}</p>
      <p>
        <a className="usa-button" href={inConsole ? '/console' : '/'}>
          {inConsole ? 'Go to Today' : 'Go to the department’s page'}
        </a>
      </p>
    </main>
  )
}

/** What a refused request is about: the sentence that the screen gave, or one for the status. */
function explained(error: unknown): { title: string; words: string } {
  const { status, data } = isRouteErrorResponse(error) ? error : { status: 500, data: null }
  if (status >= 500)
    return {
      title: 'Something went wrong',
      words:
        'The fault is ours, and it has been noted. What you had saved is safe. Please try again in a minute.',
    }
  const given = typeof data === 'string' && data !== '' && !/^Error: /.test(data) ? data : null
  if (status === 404)
    return {
      title: 'Page not found',
      words: given ?? 'There is nothing at this address. It may have moved, or the link may be incomplete.',
    }
  return {
    title: status === 403 ? 'The policy does not allow this' : 'This can’t be done',
    words: given ?? 'The server could not take what was sent. Go back, and try it again.',
  }
}
