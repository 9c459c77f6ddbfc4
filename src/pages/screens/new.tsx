import { data } from 'react-router'
import { departmentProfile } from '../../department/department.ts'
import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { pageForm, registerPage } from '../registration.ts'
import type { Route } from './+types/new'
import { administratorsIn, formChoices } from './form-choices.ts'
import { PageFields } from './page-form.tsx'

export async function loader({ context }: Route.LoaderArgs) {
  const all = installation(context)
  const profile = await departmentProfile(all.db)
  const contact = [profile?.contactPhone, profile?.contactEmail].filter(Boolean).join(', ')
  return {
    choices: await formChoices(all),
    values: {
      website: profile?.website ?? '',
      contact,
      author_line: 'department',
      comment_policy: 'open',
      platform: all.platforms.all()[0]?.kind ?? '',
    } as Record<string, string>,
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const sent = await formOf(request)
  const people = administratorsIn(sent)
  const chosen = { platform: String(sent.get('platform') ?? ''), administrators: people.join(' ') }
  const form = checkForm(sent, pageForm)
  if (!form.valid)
    return data(
      { refusal: null, problems: form.problems, typed: { ...form.typed, ...chosen } },
      { status: 422 },
    )
  const by = signedIn(context)
  const answer = await registerPage(installation(context), by, chosen.platform, form.value, people)
  return answered(answer, (id) => `/console/pages/${id}`, { ...form.value, ...chosen })
}

export default function NewPage({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Register a page"
        lead="The chief executive or a designee approves it before it is used."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <PageFields
        choices={loaderData.choices}
        values={actionData?.typed ?? loaderData.values}
        administrators={actionData?.typed.administrators?.split(' ') ?? []}
        problems={actionData?.problems ?? {}}
        isNew
        submit="Register and ask for approval"
      />
    </>
  )
}
