import { data } from 'react-router'
import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { editPage, pageForm } from '../registration.ts'
import { administratorsOf } from '../store.ts'
import type { Route } from './+types/edit'
import { administratorsIn, formChoices } from './form-choices.ts'
import { foundPage } from './found-page.ts'
import { PageFields } from './page-form.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const all = installation(context)
  const page = await foundPage(all, params.id)
  return {
    page,
    choices: await formChoices(all),
    administrators: (await administratorsOf(all.db, page.id)).map(({ id }) => id as string),
    values: {
      platform: page.platform,
      title: page.title,
      slug: page.slug ?? '',
      address: page.address,
      purpose: page.purpose,
      scope: page.scope,
      audiences: page.audiences.join(', '),
      website: page.website,
      contact: page.contact,
      comment_policy: page.commentPolicy,
      comment_topic: page.commentTopic,
      author_line: page.authorLine,
    } as Record<string, string>,
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const all = installation(context)
  const page = await foundPage(all, params.id)
  const sent = await formOf(request)
  const people = administratorsIn(sent)
  const chosen = { platform: page.platform, administrators: people.join(' ') }
  const form = checkForm(sent, pageForm)
  if (!form.valid)
    return data(
      { refusal: null, problems: form.problems, typed: { ...form.typed, ...chosen } },
      { status: 422 },
    )
  const answer = await editPage(all, signedIn(context), page.id, form.value, people)
  return answered(answer, `/console/pages/${page.id}`, { ...form.value, ...chosen })
}

export default function EditPage({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Change “${loaderData.page.title}”`}
        lead="A changed page waits for a new approval. Until then nothing new is posted to it."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <PageFields
        choices={loaderData.choices}
        values={actionData?.typed ?? loaderData.values}
        administrators={actionData?.typed.administrators?.split(' ') ?? loaderData.administrators}
        problems={actionData?.problems ?? {}}
        isNew={false}
        submit="Save and ask for approval"
      />
    </>
  )
}
