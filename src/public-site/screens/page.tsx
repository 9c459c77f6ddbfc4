import { installation } from '../../web/context.ts'
import type { Route } from './+types/page'
import { contentOf } from './content.ts'
import { foundPage } from './found-page.ts'
import { PageContent } from './page-content.tsx'

export const handle = { scripts: false, forEverybody: true }

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const here = installation(context)
  return contentOf(here, await foundPage(here, params.slug), request)
}

export default function Page({ loaderData }: Route.ComponentProps) {
  return <PageContent {...loaderData} />
}
