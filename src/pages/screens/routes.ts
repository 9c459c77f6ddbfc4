import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('pages', 'list.tsx'),
  route('pages/new', 'new.tsx'),
  route('pages/disclosures', 'disclosures.ts'),
  route('pages/:id', 'detail.tsx'),
  route('pages/:id/approval', 'approval.tsx'),
  route('pages/:id/refusal', 'refusal.tsx'),
  route('pages/:id/connection', 'connection.tsx'),
  route('pages/:id/edit', 'edit.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = []
