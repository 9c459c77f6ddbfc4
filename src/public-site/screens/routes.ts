import { type RouteConfigEntry, relative } from '@react-router/dev/routes'

const { index, layout, route } = relative(import.meta.dirname)

/** Puts public screens into the public site's frame: the department's name above, the ways to it below. */
export const framed = (id: string, screens: RouteConfigEntry[]): RouteConfigEntry =>
  layout('frame.tsx', { id: `public-frame-${id}` }, screens)

export const publicRoutes: RouteConfigEntry[] = [
  framed('site', [
    index('home.tsx'),
    route('pages', 'pages.tsx'),
    route('policy', 'policy.tsx'),
    route('removals', 'removals.tsx'),
    route(':slug', 'page.tsx'),
    route(':slug/posts/:id', 'post.tsx'),
    route(':slug/posts/:id/comments/:comment', 'comment.tsx'),
    route(':slug/posts/:id/comments/:comment/report', 'comment-report.tsx'),
    route(':slug/posts/:id/comments/:comment/edit', 'comment-edit.tsx'),
    route(':slug/posts/:id/comments/:comment/deletion', 'comment-deletion.tsx'),
  ]),
  route('removals.csv', 'removals-csv.ts'),
  route(':slug/feed', 'feed.ts'),
  route('images/:sha256', 'image.ts'),
  route('robots.txt', 'robots.ts'),
]
