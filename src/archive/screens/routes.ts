import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { route } = relative(import.meta.dirname)

export const consoleRoutes: RouteConfigEntry[] = [
  route('archive', 'search.tsx'),
  route('archive/searches', 'saved-searches.tsx'),
  route('archive/reading', 'reading.tsx'),
  route('archive/:id', 'record.tsx'),
  route('archive/:id/proof', 'record-proof.ts'),
  route('archive/:id/capture.wacz', 'capture.ts'),
  route('archive/:id/files/:sha256', 'file.ts'),
  route('log', 'attestors.tsx'),
]

export const publicRoutes: RouteConfigEntry[] = [
  route('log', 'log.tsx'),
  route('log/checkpoint', 'checkpoint.ts'),
  route('log/key', 'key.ts'),
  route('log/checkpoints/:size', 'checkpoint-at.ts'),
  route('log/consistency', 'consistency.tsx'),
  route('log/consistency/:older/:newer', 'consistency-proof.ts'),
  route('log/timestamps/:id', 'timestamp.ts'),
  route('log/tile/*', 'tile.ts'),
]
