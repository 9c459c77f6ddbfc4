import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('retention', 'overview.tsx'),
  route('retention/holds', 'holds.tsx'),
  route('retention/holds/new', 'new-hold.tsx'),
  route('retention/holds/:id', 'hold.tsx'),
  route('retention/holds/:id/scope', 'scope.tsx'),
  route('retention/holds/:id/release', 'release.tsx'),
  route('retention/holds/:id/merge', 'merge.tsx'),
  route('retention/dispositions', 'dispositions.tsx'),
  route('retention/dispositions/new', 'new-disposition.tsx'),
  route('retention/dispositions/:id', 'disposition.tsx'),
  route('retention/dispositions/:id/exception', 'exception.tsx'),
  route('retention/dispositions/:id/permission', 'permission.tsx'),
  route('retention/dispositions/:id/approval', 'approval.tsx'),
  route('retention/dispositions/:id/refusal', 'refusal.tsx'),
  route('retention/dispositions/:id/order', 'order.tsx'),
  route('retention/dispositions/:id/cancellation', 'cancellation.tsx'),
  route('retention/dispositions/:id/certificate', 'certificate.tsx'),
  route('retention/dispositions/:id/certificate.csv', 'certificate-list.ts'),
]
