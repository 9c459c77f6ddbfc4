import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('requests', 'desk.tsx'),
  route('requests/new', 'entry.tsx'),
  route('requests/closed-days', 'closed-days.tsx'),
  route('requests/settings', 'settings.tsx'),
  route('requests/report', 'report.tsx'),
  route('requests/report.csv', 'report-csv.ts'),
  route('requests/tasks/:task', 'task.tsx'),
  route('requests/:id', 'request.tsx'),
  route('requests/:id/letters', 'letters.tsx'),
  route('requests/:id/letters/sent/:letter', 'sent-letter.tsx'),
  route('requests/:id/letters/:template', 'letter.tsx'),
  route('requests/:id/petition', 'petition.tsx'),
  route('requests/:id/fee', 'fee.tsx'),
  route('requests/:id/tasks', 'tasks.tsx'),
  route('requests/:id/wait', 'wait.ts'),
  route('requests/:id/messages', 'messages.tsx'),
  route('requests/:id/appeal', 'appeal.tsx'),
  route('requests/:id/collection', 'collection.tsx'),
  route('requests/:id/review', 'review.tsx'),
  route('requests/:id/review/:record', 'redaction.tsx'),
  route('requests/:id/review/:record/files/:file', 'redacted-file.ts'),
  route('requests/:id/production', 'production.tsx'),
  route('requests/:id/productions/:production', 'download.ts'),
  route('requests/:id/productions/:production/certificate', 'certificate.tsx'),
  route('requests/:id/productions/:production/certificates/:certificate', 'certificate-file.ts'),
  route('requests/:id/productions/:production/publication', 'publication.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = [
  route('records-requests', 'public-start.tsx'),
  route('records-requests/new', 'public-form.tsx'),
  route('records-requests/reading-room', 'reading-room.tsx'),
  route('records-requests/reading-room/:production', 'reading-room-download.ts'),
  route('records-requests/:code', 'public-request.tsx'),
  route('records-requests/:code/productions/:production', 'public-download.ts'),
]
