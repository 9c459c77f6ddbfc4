import { Outlet } from 'react-router'
import { contactsOf, departmentProfile } from '../../department/department.ts'
import { installation } from '../../web/context.ts'
import Welcome from '../../web/screens/welcome.tsx'
import { publicPages } from '../store.ts'
import type { Route } from './+types/frame'
import './site.scss'

export async function loader({ context }: Route.LoaderArgs) {
  const { db } = installation(context)
  const [profile, pages] = await Promise.all([departmentProfile(db), publicPages(db)])
  return {
    department: profile && {
      name: profile.name,
      website: profile.website,
      contact: contactsOf(profile),
      seal: Boolean(profile.sealBlob),
    },
    pages: pages.map(({ slug, title }) => ({ slug, title })),
  }
}

/** What stands around everything that the public sees. */
export default function Frame({ loaderData: { department, pages } }: Route.ComponentProps) {
  // Nobody could answer yet what is asked or written here.
  if (!department) return <Welcome />
  return (
    <>
      <header>
        <div className="pv-official">
          <span>Official site of the {department.name}</span>
        </div>
        <div className="pv-bar pv-site-bar">
          <div className="pv-site-width">
            <a className="pv-site-name" href="/">
              {department.seal && <img className="pv-seal" src="/seal" alt="" />}
              {department.name}
            </a>
            <nav aria-label="Pages">
              <ul>
                {pages.length > 1 &&
                  pages.map(({ slug, title }) => (
                    <li key={slug}>
                      <a href={`/${slug}`}>{title}</a>
                    </li>
                  ))}
                <li>
                  <a href="/pages">Official pages</a>
                </li>
                <li>
                  <a href="/records-requests">Public records</a>
                </li>
                <li>
                  <a href={department.website}>Website</a>
                </li>
              </ul>
            </nav>
          </div>
        </div>
        <p className="pv-emergency">
          <span className="pv-site-width">
            <span>
              <strong>In an emergency, call 911.</strong> Nobody watches this page around the clock.
            </span>
          </span>
        </p>
      </header>
      <main id="main" className="pv-site-main">
        <Outlet />
      </main>
      <footer className="usa-footer usa-footer--slim pv-site-footer">
        <div className="pv-site-width padding-y-2">
          <nav aria-label="About this site">
            <ul>
              <li>
                <a href="/policy">Policy and commenting rules</a>
              </li>
              <li>
                <a href="/removals">What was removed</a>
              </li>
              <li>
                <a href="/records-requests">Ask for public records</a>
              </li>
              <li>
                <a href="/log">The public log</a>
              </li>
            </ul>
          </nav>
          <address>
            {department.name}
            {department.contact.map((line) => (
              <span key={line}> · {line}</span>
            ))}
          </address>
          <p className="margin-bottom-0">
            <a href="/console">For members of the department</a>
          </p>
        </div>
      </footer>
    </>
  )
}
