import { redirect } from 'react-router'
import { installation } from '../../web/context.ts'
import { roles } from '../department.ts'
import type { Route } from './+types/account'
import { Narrow } from './narrow.tsx'

export async function loader({ context, request }: Route.LoaderArgs) {
  const found = await installation(context).auth.signedIn(request.headers)
  if (!found) throw redirect('/sign-in?to=/account')
  const { name, email, title, designee } = found.person
  return { name, email, title, designee, roles: roles.filter((role) => found.person.roles.includes(role.id)) }
}

export default function Account({ loaderData }: Route.ComponentProps) {
  return (
    <Narrow title={loaderData.name} lead={loaderData.title}>
      <p>{loaderData.email}</p>
      <ul className="usa-list">
        {loaderData.roles.map((role) => (
          <li key={role.id}>
            {role.title}: {role.does}
          </li>
        ))}
        {loaderData.designee && <li>Designee of the chief executive</li>}
      </ul>
      <p className="pv-actions">
        <a className="usa-button" href="/console">
          To the console
        </a>
        <a className="usa-button usa-button--outline" href="/second-factor">
          Second step for signing in
        </a>
      </p>
    </Narrow>
  )
}
