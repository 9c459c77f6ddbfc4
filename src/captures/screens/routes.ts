import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('captures', 'list.tsx'),
  route('captures/new', 'new.tsx'),
  route('captures/:id', 'detail.tsx'),
  route('captures/:id/attempt', 'attempt.tsx'),
]
