import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('posts', 'post-list.tsx'),
  route('posts/new', 'new-post.tsx'),
  route('posts/:id', 'post-detail.tsx'),
  route('posts/:id/draft', 'draft.tsx'),
  route('posts/:id/screening', 'screening.ts'),
  route('posts/:id/images/:imageId', 'post-image.ts'),
  route('posts/:id/approval', 'post-approval.tsx'),
  route('posts/:id/return', 'return.tsx'),
  route('posts/:id/schedule', 'schedule.tsx'),
  route('posts/:id/publication', 'publication.tsx'),
  route('posts/:id/deletion', 'deletion.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = []
