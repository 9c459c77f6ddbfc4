import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('comments', 'queue.tsx'),
  route('comments/:id', 'comment.tsx'),
  route('comments/:id/keeping', 'keeping.tsx'),
  route('comments/:id/removal', 'removal.tsx'),
  route('comments/:id/restoration', 'restoration.tsx'),
  route('comments/:id/reopening', 'reopening.tsx'),
]
