import { Form } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { sealedFor } from '../account.ts'
import { connectPage } from '../connection.ts'
import { connectionOf } from '../store.ts'
import type { Route } from './+types/connection'
import { foundPage } from './found-page.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const { db, platforms, secrets } = installation(context)
  const page = await foundPage(installation(context), params.id)
  const kept = (await connectionOf(db, page.id)) ?? {}
  const { title, connectionFields } = platforms.get(page.platform)
  return {
    page,
    platformTitle: title,
    fields: connectionFields.map(({ name, label, hint, secret, required }) => ({
      name,
      label,
      secret: secret === true,
      // A secret is never sent to the browser, not even to those who typed it.
      required: required === true && !(secret && kept[name]),
      hint:
        secret && kept[name] ? 'Leave it empty, and all else as it is, to keep the one that is there.' : hint,
      value: !secret && kept[name] ? secrets.open(kept[name], sealedFor) : '',
    })),
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const all = installation(context)
  const page = await foundPage(all, params.id)
  const { connectionFields } = all.platforms.get(page.platform)
  const form = await formOf(request)
  const typed = Object.fromEntries(
    connectionFields.map(({ name }) => [name, String(form.get(name) ?? '').slice(0, 2000)]),
  )
  const answer = await connectPage(all, signedIn(context), page.id, typed)
  const shown = Object.fromEntries(
    connectionFields.filter(({ secret }) => !secret).map(({ name }) => [name, typed[name] ?? '']),
  )
  return answered(answer, `/console/pages/${page.id}`, shown)
}

export default function Connection({ loaderData, actionData }: Route.ComponentProps) {
  const { page, platformTitle, fields } = loaderData
  return (
    <>
      <PageHeading
        title={`Connect “${page.title}”`}
        lead={`How Plainview reaches the account on ${platformTitle}. Kept encrypted, shown to nobody.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      {fields.length === 0 ? (
        <p>This page is kept here. There is nothing to connect.</p>
      ) : (
        <Form method="post" className="usa-form usa-form--large">
          {fields.map((field) => (
            <Field
              key={field.name}
              name={field.name}
              label={field.label}
              hint={field.hint}
              type={field.secret ? 'password' : 'text'}
              required={field.required}
              defaultValue={actionData?.typed[field.name] ?? field.value}
              problem={actionData?.problems[field.name]}
            />
          ))}
          <button className="usa-button" type="submit">
            Try and save
          </button>
        </Form>
      )}
    </>
  )
}
