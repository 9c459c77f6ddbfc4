import { data } from 'react-router'
import { answered } from '../../web/answered.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { editPage, pageForm } from '../registration.ts'
import type { Route } from './+types/edit'
import { administratorsIn, formChoices } from './form-choices.ts'
import { foundPage } from './found-page.ts'
import { PageFields } from './page-form.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const all = installation(context)
  const page = await foundPage(all, params.id)
  const rows = await all.db
    .selectFrom('page_administrator')
    .select('person')
    .where('page', '=', page.id)
    .execute()
  return {
    page,
    choices: await formChoices(all),
    administrators: rows.map(({ person }) => person),
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
  const people = await administratorsIn(request)
  const form = await readForm(request, pageForm)
  if (!form.valid)
    return data(
      { refusal: null, problems: form.problems, typed: { ...form.typed, platform: page.platform } },
      { status: 422 },
    )
  const answer = await editPage(all, signedIn(context), page.id, form.value, people)
  return answered(answer, `/console/pages/${page.id}`, { ...form.value, platform: page.platform })
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
        administrators={loaderData.administrators}
        problems={actionData?.problems ?? {}}
        isNew={false}
        submit="Save and ask for approval"
      />
    </>
  )
}
