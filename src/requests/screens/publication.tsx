import { data, Form, Link, redirect } from 'react-router'
import { parseId } from '../../storage/ids.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { publicationOf, publishProduction, withdrawProduction } from '../reading-room.ts'
import { productionById } from '../store.ts'
import type { Route } from './+types/publication'
import { foundRequest } from './found.ts'
import { type Reply, reply } from './reply.ts'
import { requestPath } from './request-path.ts'

async function found(
  context: Parameters<typeof foundRequest>[0],
  params: { id: string; production: string },
) {
  const request = await foundRequest(context, params.id)
  const id = parseId<'production'>(params.production)
  const production = id && (await productionById(installation(context).db, id))
  if (!production || production.request !== request.id)
    throw data('There is no such production.', { status: 404 })
  return { request, production }
}

export async function loader({ params, context }: Route.LoaderArgs) {
  const { request, production } = await found(context, params)
  return {
    request,
    records: production.records,
    released: production.releasedAt !== null,
    publication: await publicationOf(installation(context).db, production.id),
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { request: ours, production } = await found(context, params)
  const form = await formOf(request)
  const typed = { title: String(form.get('title') ?? ''), summary: String(form.get('summary') ?? '') }
  const here = installation(context)
  const answer =
    form.get('intent') === 'withdraw'
      ? await withdrawProduction(here, signedIn(context), production.id)
      : await publishProduction(here, signedIn(context), production.id, typed)
  if ('done' in answer) throw redirect(`${requestPath(ours.id)}/production`)
  return reply(answer, typed)
}

export default function Publication({ loaderData, actionData }: Route.ComponentProps) {
  const { request, records, released, publication } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  return (
    <>
      <PageHeading
        title="Reading room"
        lead="Anybody can find and download there what one person asked for. Who asked is not shown."
      >
        <Link className="usa-button usa-button--outline" to={`${requestPath(request.id)}/production`}>
          Back
        </Link>
      </PageHeading>
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      {!released ? (
        <p>Release the production to the requester first.</p>
      ) : publication ? (
        <Form method="post">
          <p>
            “{publication.title}” ({records.toLocaleString('en-US')} records) stands in the{' '}
            <a href="/records-requests/reading-room">reading room</a>.
          </p>
          <button type="submit" className="usa-button" name="intent" value="withdraw">
            Take it out
          </button>
        </Form>
      ) : (
        <Form method="post" className="usa-form maxw-tablet">
          <Field
            label="Title"
            name="title"
            hint="What is in it, for somebody who searches: “Comments about the January storm”."
            problem={problems.title}
            defaultValue={typed.title}
            maxLength={200}
            required
          />
          <Field label="Summary (optional)" name="summary" multiline rows={3} defaultValue={typed.summary} />
          <p className="usa-hint">
            Whatever was released to the requester becomes public: look again whether that is right for
            everybody.
          </p>
          <button type="submit" className="usa-button" name="intent" value="publish">
            Publish it
          </button>
        </Form>
      )}
    </>
  )
}
