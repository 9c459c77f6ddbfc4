import { redirect } from 'react-router'

/** Goes to another screen and takes the sign-in's cookies along. */
export function goWith(cookies: readonly string[], to: string): Response {
  const headers = new Headers()
  for (const cookie of cookies) headers.append('Set-Cookie', cookie)
  return redirect(to, { headers })
}

/** Where somebody wanted to go before they had to sign in; never to another site. */
export function wanted(request: Request): string {
  const to = new URL(request.url).searchParams.get('to') ?? ''
  return /^\/(?![/\\])/.test(to) ? to : '/console'
}
