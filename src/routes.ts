import { index, type RouteConfig, route } from '@react-router/dev/routes'
import * as archive from './archive/screens/routes.ts'
import * as department from './department/screens/routes.ts'
import * as pages from './pages/screens/routes.ts'
import * as posts from './posts/screens/routes.ts'
import * as requests from './requests/screens/routes.ts'

export default [
  index('web/screens/welcome.tsx'),
  ...[department, requests, archive].flatMap((module) => module.publicRoutes),
  route('console', 'web/screens/console.tsx', [
    index('web/screens/today.tsx'),
    ...[pages, posts, archive, requests, department].flatMap((module) => module.consoleRoutes),
  ]),
  route('health', 'web/screens/health.ts'),
  route('*', 'web/screens/not-found.tsx'),
] satisfies RouteConfig
