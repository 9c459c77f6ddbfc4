import { data, Form } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { refusePage } from '../verdict.ts'
import type { Route } from './+types/refusal'
import { foundPage } from './found-page.ts'

const refusalForm = z.object({
  revision: z.coerce.number().int(),
  reasons: z.string().trim().max(2000).default(''),
})

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  page: await foundPage(installation(context), params.id),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const page = await foundPage(installation(context), params.id)
  const form = await readForm(request, refusalForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await refusePage(installation(context), signedIn(context), page.id, form.value)
  return answered(answer, `/console/pages/${page.id}`, { reasons: form.value.reasons })
}

export default function PageRefusal({ loaderData: { page }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Refuse “${page.title}”?`}
        lead="Whoever registered it reads your reasons and can change it."
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <Form method="post" className="usa-form usa-form--large">
        <input type="hidden" name="revision" value={page.revision} />
        <Field
          label="Reasons"
          name="reasons"
          multiline
          rows={5}
          required
          defaultValue={actionData?.typed.reasons}
          problem={actionData?.problems.reasons}
        />
        <button className="usa-button usa-button--secondary" type="submit">
          Refuse the page
        </button>
      </Form>
    </>
  )
}
