import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { longDay } from '../long-day.ts'
import { acknowledge } from '../response.ts'
import type { Route } from './+types/acknowledgement'
import { needed } from './fields.ts'
import { foundRequest } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'
import { requestPath } from './request-path.ts'

export const meta: Route.MetaFunction = () => [{ title: 'First written answer' }]

export const loader = async ({ params, context }: Route.LoaderArgs) => ({
  request: await foundRequest(context, params.id),
})

const acknowledgementForm = z.object({
  text: needed('Write what the requester should read: what you will provide, and by when.'),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await readForm(request, acknowledgementForm)
  if (!form.valid) return notTaken(form)
  const answer = await acknowledge(installation(context), signedIn(context), id, form.value.text)
  if (answer.outcome === 'done') throw redirect(requestPath(id))
  return reply(answer, form.value)
}

export default function Acknowledgement({ loaderData: { request }, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  return (
    <>
      <PageHeading
        title={`First written answer to ${request.number}`}
        lead={`Due by ${longDay(request.responseDue)}. Only if it is sent in time may a fee be charged.`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          label="The answer"
          hint="The requester reads it with their code. Send it by letter or e-mail too if they left an address."
          name="text"
          multiline
          rows={8}
          required
          problem={problems.text}
          defaultValue={typed.text ?? suggestion(request.receivedOn, request.due)}
        />
        <button type="submit" className="usa-button">
          Keep this answer
        </button>
      </Form>
    </>
  )
}

const suggestion = (receivedOn: string, due: string) =>
  `We received your request on ${longDay(receivedOn)}. We are searching for the records and will provide them by ${longDay(due)}. You can follow the request with your code.`
