import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('policy', 'policy.tsx'),
  route('policy/:number', 'clause.tsx'),
]
