import { data, Form } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { invitationForm, invite } from '../department.ts'
import type { Route } from './+types/new-person'
import { RoleBoxes } from './role-boxes.tsx'

const nothing = { link: '', invited: '', refusal: null, problems: {}, typed: {}, roles: [] as string[] }

export async function action({ context, request }: Route.ActionArgs) {
  const here = installation(context)
  const sent = await formOf(request)
  const roles = sent.getAll('roles').map(String)
  const form = checkForm(sent, invitationForm)
  if (!form.valid)
    return data({ ...nothing, problems: form.problems, typed: form.typed, roles }, { status: 422 })
  const answer = await invite(here, signedIn(context), form.value)
  const typed = { name: form.value.name, title: form.value.title, email: form.value.email }
  if ('denied' in answer) return data({ ...nothing, refusal: answer.denied, typed, roles }, { status: 403 })
  if ('problems' in answer)
    return data({ ...nothing, problems: answer.problems, typed, roles }, { status: 409 })
  return { ...nothing, invited: form.value.name, link: `${here.baseUrl}/invitation/${answer.done}` }
}

export default function NewPerson({ actionData }: Route.ComponentProps) {
  const problems: Record<string, string> = actionData?.problems ?? {}
  const typed: Record<string, string> = actionData?.typed ?? {}
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] ?? '' })
  return (
    <>
      <PageHeading title="Invite somebody" lead="You get a link to hand over. It works once, for a week." />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      {actionData?.link && (
        <div className="usa-alert usa-alert--success" role="status">
          <div className="usa-alert__body">
            <h2 className="usa-alert__heading">Hand this link to {actionData.invited}</h2>
            <p className="usa-alert__text">
              <code>{actionData.link}</code>
            </p>
          </div>
        </div>
      )}
      <Form method="post" className="usa-form usa-form--large" key={actionData?.link}>
        <ErrorSummary problems={problems} />
        <Field label="Name" {...field('name')} required />
        <Field label="Rank or title" {...field('title')} />
        <Field label="E-mail address" type="email" {...field('email')} required />
        <RoleBoxes chosen={actionData?.roles ?? []} problem={problems.roles} />
        <button className="usa-button" type="submit">
          Make the link
        </button>
      </Form>
    </>
  )
}
