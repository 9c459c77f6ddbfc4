import { createCookie } from 'react-router'
import type { Installation } from '../installation.ts'

/** Lets a visitor change and delete what they wrote, for a month. It says nothing about them. */
const cookieOf = ({ baseUrl }: Pick<Installation, 'baseUrl'>) =>
  createCookie('plainview-visitor', {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: baseUrl.startsWith('https:'),
    maxAge: 30 * 24 * 3600,
  })

export async function visitorToken(
  installation: Pick<Installation, 'baseUrl'>,
  request: Request,
): Promise<string | undefined> {
  const value: unknown = await cookieOf(installation).parse(request.headers.get('Cookie'))
  return typeof value === 'string' ? value : undefined
}

export const visitorCookie = (installation: Pick<Installation, 'baseUrl'>, token: string) =>
  cookieOf(installation).serialize(token)
