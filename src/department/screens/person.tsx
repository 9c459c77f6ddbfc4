import { data, Form, redirect } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { parseId } from '../../storage/ids.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { openTo } from '../../web/open-to.ts'
import {
  appointDesignee,
  endDesignee,
  endPerson,
  personById,
  roleTitle,
  setRoles,
  timeZoneHere,
  unlock,
} from '../department.ts'
import { rolesForm } from '../joining.ts'
import { appointmentForm, appointmentsOf } from '../offices.ts'
import type { Route } from './+types/person'
import { RoleBoxes } from './role-boxes.tsx'
import { SignIn } from './sign-in-steps.tsx'

async function found({ context, params }: Pick<Route.LoaderArgs, 'context' | 'params'>) {
  const { db } = installation(context)
  const id = parseId<'person'>(params.id)
  const person = id && (await personById(db, id))
  if (!person) throw data(null, { status: 404 })
  return person
}

export async function loader(args: Route.LoaderArgs) {
  const person = await found(args)
  const { db } = installation(args.context)
  const [appointments, records, zone] = await Promise.all([
    appointmentsOf(db, person.id),
    recordsAbout(db, { kind: 'person', id: person.id }),
    timeZoneHere(db),
  ])
  const may = [
    ...openTo(args.context, { type: 'Person', id: person.id }, ['person.setRoles', 'person.invite']),
    ...openTo(args.context, { type: 'Designation', id: 'any' }, ['designee.appoint', 'designee.end']),
  ]
  return { person, roleTitles: person.roles.map(roleTitle), appointments, records, zone, may }
}

export async function action({ context, params, request }: Route.ActionArgs) {
  const here = installation(context)
  const of = await found({ context, params })
  const me = signedIn(context)
  const form = await formOf(request)
  const typed = (name: string) => String(form.get(name) ?? '')
  const days = { from_day: typed('from_day'), to_day: typed('to_day') }
  const change = async () => {
    switch (form.get('intent')) {
      case 'roles': {
        const read = checkForm(form, rolesForm)
        return read.valid ? setRoles(here, me, of, read.value.roles) : { problems: read.problems }
      }
      case 'appoint': {
        const read = checkForm(form, appointmentForm)
        return read.valid ? appointDesignee(here, me, of, read.value) : { problems: read.problems }
      }
      case 'end-appointment':
        return endDesignee(here, me, of)
      case 'unlock':
        return unlock(here, me, of)
      case 'end':
        return of.id === me.id
          ? { problems: { form: 'You cannot end your own work here. Ask somebody else with your role.' } }
          : endPerson(here, me, of)
      default:
        return { problems: { form: 'Nothing was asked for.' } }
    }
  }
  const answer = await change()
  if ('denied' in answer) return data({ refusal: answer.denied, problems: {}, days }, { status: 403 })
  if ('problems' in answer) return data({ refusal: null, problems: answer.problems, days }, { status: 422 })
  throw redirect(form.get('intent') === 'end' ? '/console/people' : `/console/people/${of.id}`)
}

export default function OnePerson({ loaderData, actionData }: Route.ComponentProps) {
  const { person, roleTitles, appointments, records, zone, may } = loaderData
  const problems: Record<string, string> = actionData?.problems ?? {}
  const day = (name: 'from_day' | 'to_day') => ({
    name,
    defaultValue: actionData?.days[name],
    problem: problems[name],
  })
  return (
    <>
      <PageHeading title={person.name} lead={[person.title, person.email].filter(Boolean).join(', ')} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={problems} />
      {may.includes('person.setRoles') ? (
        <Form method="post" className="usa-form usa-form--large">
          <input type="hidden" name="intent" value="roles" />
          <RoleBoxes chosen={person.roles} problem={problems.roles} />
          <button className="usa-button" type="submit">
            Save roles
          </button>
        </Form>
      ) : (
        <dl className="pv-facts">
          <dt>Roles</dt>
          <dd>{roleTitles.join(', ') || 'None'}</dd>
        </dl>
      )}
      <h2>Designee of the chief executive</h2>
      {appointments.length === 0 && <p>{person.name} was never appointed.</p>}
      <ul className="usa-list">
        {appointments.map((one) => (
          <li key={one.id}>
            {one.from_day} to {one.to_day}
            {one.ended_at && ', ended early'}
          </li>
        ))}
      </ul>
      {may.includes('designee.appoint') && (
        <Form method="post" className="usa-form">
          <input type="hidden" name="intent" value="appoint" />
          <Field label="First day" type="date" {...day('from_day')} required />
          <Field label="Last day" type="date" {...day('to_day')} required />
          <button className="usa-button" type="submit">
            Appoint
          </button>
        </Form>
      )}
      {person.designee && may.includes('designee.end') && (
        <Form method="post">
          <button
            className="usa-button usa-button--outline"
            type="submit"
            name="intent"
            value="end-appointment"
          >
            End the appointment
          </button>
        </Form>
      )}
      <SignIn name={person.name} may={may} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}
