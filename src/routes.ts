import { index, type RouteConfig, route } from '@react-router/dev/routes'

export default [
  index('screens/welcome.tsx'),
  route('health', 'screens/health.ts'),
  route('*', 'screens/not-found.tsx'),
] satisfies RouteConfig
