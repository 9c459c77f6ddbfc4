import { departmentProfile } from '../../department/department.ts'
import { installation } from '../../web/context.ts'
import { publicPages } from '../store.ts'
import type { Route } from './+types/home'
import { contentOf } from './content.ts'
import { PageContent } from './page-content.tsx'

export const handle = { scripts: false, forEverybody: true }

/** The department's first own page; before there is one, a word that it is on its way. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const here = installation(context)
  const profile = await departmentProfile(here.db)
  if (!profile) return { state: 'not-set-up' as const }
  const [page] = await publicPages(here.db)
  if (!page) return { state: 'no-page' as const, department: profile.name, website: profile.website }
  return { state: 'page' as const, content: await contentOf(here, page, request) }
}

export default function Home({ loaderData }: Route.ComponentProps) {
  // The frame says it, on every page.
  if (loaderData.state === 'not-set-up') return null
  if (loaderData.state === 'page') return <PageContent {...loaderData.content} />
  return (
    <>
      <title>{loaderData.department}</title>
      <h1>{loaderData.department}</h1>
      <section className="pv-empty">
        <h2>The page opens soon</h2>
        <p>
          Until then, find the department at <a href={loaderData.website}>{loaderData.website}</a>.
        </p>
      </section>
    </>
  )
}
