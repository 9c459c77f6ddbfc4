import { data, Form, Link } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { approvePage } from '../verdict.ts'
import type { Route } from './+types/approval'
import { foundPage } from './found-page.ts'
import { LeftOut } from './page-form.tsx'

const approvalForm = z.object({
  revision: z.coerce.number().int(),
  reasons: z.string().trim().max(2000).default(''),
})

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  page: await foundPage(installation(context), params.id),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const page = await foundPage(installation(context), params.id)
  const form = await readForm(request, approvalForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const answer = await approvePage(installation(context), signedIn(context), page.id, form.value)
  return answered(answer, `/console/pages/${page.id}`)
}

export default function PageApproval({ loaderData: { page }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading title={`Approve “${page.title}”?`} lead={page.purpose} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <dl className="pv-facts">
        <dt>Address</dt>
        <dd>{page.address}</dd>
        <dt>Scope</dt>
        <dd>{page.scope || 'Not given'}</dd>
        <dt>Audiences</dt>
        <dd>{page.audiences.join(', ') || 'Everybody'}</dd>
      </dl>
      <h2>What the profile will say</h2>
      <p className="pv-quote">{page.disclosures}</p>
      <LeftOut items={page.leftOut} />
      <Form method="post" className="usa-form usa-form--large">
        <input type="hidden" name="revision" value={page.revision} />
        <Field
          label="Reasons (optional)"
          name="reasons"
          multiline
          rows={3}
          problem={actionData?.problems.reasons}
        />
        <button className="usa-button" type="submit">
          Approve the page
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/pages/${page.id}/refusal`}>
          Refuse it instead
        </Link>
      </Form>
    </>
  )
}
