import { redirect } from 'react-router'

/** Goes to another screen and takes the sign-in's cookies along. */
export function goWith(cookies: readonly string[], to: string): Response {
  const headers = new Headers()
  for (const cookie of cookies) headers.append('Set-Cookie', cookie)
  return redirect(to, { headers })
}

/**
 * Where somebody wanted to go before they had to sign in; never to another site. It is read as a browser reads it, which
 * leaves out tabs and line ends ("/<tab>/other.example" is another site) and goes up at dots ("/..//other.example").
 */
export function wanted(request: Request): string {
  const to = new URL(request.url).searchParams.get('to') ?? ''
  const here = 'http://here.invalid'
  const url = to.startsWith('/') ? URL.parse(to, here) : null
  return url?.origin === here && !url.pathname.startsWith('//')
    ? url.pathname + url.search + url.hash
    : '/console'
}
