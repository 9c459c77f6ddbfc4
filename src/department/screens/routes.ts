import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('people', 'people.tsx'),
  route('people/new', 'new-person.tsx'),
  route('people/:id', 'person.tsx'),
  route('department', 'details.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = [
  route('set-up/:token', 'set-up.tsx'),
  route('sign-in', 'sign-in.tsx'),
  route('sign-in/code', 'code.tsx'),
  route('sign-out', 'sign-out.ts'),
  route('invitation/:token', 'invitation.tsx'),
  route('second-factor', 'second-factor.tsx'),
  route('account', 'account.tsx'),
  route('seal', 'seal.ts'),
]
