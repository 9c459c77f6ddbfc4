import { index, type RouteConfig, route } from '@react-router/dev/routes'
import * as archive from './archive/screens/routes.ts'
import * as captures from './captures/screens/routes.ts'
import * as comments from './comments/screens/routes.ts'
import * as department from './department/screens/routes.ts'
import * as imports from './imports/screens/routes.ts'
import * as pages from './pages/screens/routes.ts'
import * as policy from './policy/screens/routes.ts'
import * as posts from './posts/screens/routes.ts'
import * as publicSite from './public-site/screens/routes.ts'
import * as requests from './requests/screens/routes.ts'
import * as retention from './retention/screens/routes.ts'

export default [
  ...[department, publicSite].flatMap((module) => module.publicRoutes),
  publicSite.framed('records', [...requests.publicRoutes, ...comments.publicRoutes, ...archive.publicRoutes]),
  route('console', 'web/screens/console.tsx', [
    index('web/screens/today.tsx'),
    ...[pages, posts, comments, archive, captures, imports, requests, retention, policy, department].flatMap(
      (module) => module.consoleRoutes,
    ),
  ]),
  route('health', 'web/screens/health.ts'),
  route('*', 'web/screens/not-found.tsx'),
] satisfies RouteConfig
