import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('requests', 'desk.tsx'),
  route('requests/new', 'entry.tsx'),
  route('requests/closed-days', 'closed-days.tsx'),
  route('requests/:id', 'request.tsx'),
  route('requests/:id/collection', 'collection.tsx'),
  route('requests/:id/review', 'review.tsx'),
  route('requests/:id/review/:record', 'redaction.tsx'),
  route('requests/:id/review/:record/files/:file', 'redacted-file.ts'),
  route('requests/:id/acknowledgement', 'acknowledgement.tsx'),
  route('requests/:id/extension', 'extension.tsx'),
  route('requests/:id/production', 'production.tsx'),
  route('requests/:id/productions/:production', 'download.ts'),
  route('requests/:id/closure', 'closure.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = [
  route('records-requests', 'public-start.tsx'),
  route('records-requests/new', 'public-form.tsx'),
  route('records-requests/:code', 'public-request.tsx'),
  route('records-requests/:code/productions/:production', 'public-download.ts'),
]
