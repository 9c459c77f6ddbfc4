import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('imports', 'list.tsx'),
  route('imports/new', 'new.tsx'),
  route('imports/uploads', 'uploads.ts'),
  route('imports/uploads/:id', 'upload.ts'),
  route('imports/uploads/:id/import', 'upload-import.ts'),
  route('imports/uploads/:id/removal', 'upload-removal.tsx'),
  route('imports/:id', 'detail.tsx'),
  route('imports/:id/report.csv', 'report.ts'),
  route('imports/:id/cancellation', 'cancellation.tsx'),
]
