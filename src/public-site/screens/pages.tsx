import { approvedPages } from '../../pages/pages.ts'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/pages'

export const handle = { scripts: false, forEverybody: true }

export async function loader({ context }: Route.LoaderArgs) {
  const { db, platforms } = installation(context)
  const titles = new Map(platforms.all().map(({ kind, title }) => [kind, title]))
  return (await approvedPages(db)).map(({ id, title, platform, address, slug, purpose }) => ({
    id,
    title,
    platform: slug ? 'On this site' : (titles.get(platform) ?? platform),
    href: slug ? `/${slug}` : address,
    purpose,
  }))
}

export default function OfficialPages({ loaderData: pages }: Route.ComponentProps) {
  return (
    <>
      <title>Official pages</title>
      <h1>Official pages</h1>
      <p className="usa-intro">
        These are the department’s pages. Any other that speaks in its name is not ours.
      </p>
      {pages.length === 0 && <p>No page is approved yet.</p>}
      <ul className="usa-list usa-list--unstyled">
        {pages.map((page) => (
          <li key={page.id} className="pv-card">
            <h2 className="font-heading-md">
              <a href={page.href}>{page.title}</a>
            </h2>
            <p className="pv-quiet margin-y-0">{page.platform}</p>
            <p className="margin-bottom-0">{page.purpose}</p>
          </li>
        ))}
      </ul>
    </>
  )
}
