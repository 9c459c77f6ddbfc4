import { NavLink, Outlet, redirect, useLocation } from 'react-router'
import { departmentProfile } from '../../department/department.ts'
import { installation, personContext, signedIn } from '../context.ts'
import { menuFor } from '../menu.ts'
import type { Route } from './+types/console'

/** Nothing inside the console runs before it is known who asks. */
export const middleware: Route.MiddlewareFunction[] = [
  async ({ request, context }, next) => {
    const { pathname, search, searchParams } = new URL(request.url)
    // A screen that asks for news in front of an empty chair says so: else nobody would ever be signed out.
    const found = await installation(context).auth.signedIn(request.headers, {
      byItself: searchParams.has('away'),
    })
    if (!found)
      throw redirect(`/sign-in?${new URLSearchParams({ to: pathname.replace(/\.data$/, '') + search })}`)
    if (!found.secondFactor) throw redirect('/second-factor')
    context.set(personContext, found.person)
    const response = await next()
    for (const cookie of found.cookies) response.headers.append('Set-Cookie', cookie)
    // Of everything inside, files and pictures included: a department's computer is shared.
    response.headers.set('Cache-Control', 'private, no-store')
    return response
  },
]

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const person = signedIn(context)
  return {
    department: (await departmentProfile(db))?.name ?? 'Plainview',
    name: person.name,
    menu: menuFor(policy, person),
  }
}

export default function Console({ loaderData: { department, name, menu } }: Route.ComponentProps) {
  const { pathname } = useLocation()
  return (
    <>
      <header className="pv-bar">
        <span className="pv-name">{department}</span>
        <div className="pv-actions">
          <a href="/">Public site</a>
          <a href="/account">{name}</a>
          <form method="post" action="/sign-out">
            <button type="submit" className="usa-button usa-button--unstyled">
              Sign out
            </button>
          </form>
        </div>
      </header>
      <div className="pv-console">
        <nav className="pv-menu" aria-label="Main menu">
          <div className="pv-menu-wide">
            <Menu parts={menu} />
          </div>
          <details className="pv-menu-fold" key={pathname}>
            <summary>Menu</summary>
            <Menu parts={menu} />
          </details>
        </nav>
        <main id="main" className="pv-main" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
    </>
  )
}

/** On a narrow screen the menu is folded, so that the page comes first. */
function Menu({ parts }: { parts: ReturnType<typeof menuFor> }) {
  return (
    <div className="pv-menu-list">
      {parts.map((part) => (
        <div key={part.title}>
          <h2>{part.title}</h2>
          <ul>
            {part.items.map((item) => (
              <li key={item.to}>
                <NavLink to={item.to} end={item.to === '/console'}>
                  {item.title}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  )
}
