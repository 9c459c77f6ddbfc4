import { Form, redirect } from 'react-router'
import { timeZoneHere } from '../../department/department.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { markRead, writeToRequester } from '../message.ts'
import type { Route } from './+types/messages'
import { conversationOf } from './conversation.ts'
import { foundRequest } from './found.ts'
import { Said } from './public-parts.tsx'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const { db, now, policy } = installation(context)
  const said = await conversationOf(db, request, policy.recordsLaw.supervisor)
  // Up to what was shown: a message that comes in meanwhile stays unread.
  await markRead(db, request.id, said.at(-1)?.at ?? now())
  return { request, said, zone: await timeZoneHere(db) }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const text = String((await formOf(request)).get('text') ?? '')
  const answer = await writeToRequester(installation(context), signedIn(context), id, text)
  if ('done' in answer) throw redirect(`${requestPath(id)}/messages`)
  return reply(answer, { text })
}

export default function Messages({ loaderData: { request, said, zone }, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  return (
    <>
      <RequestHeading
        request={request}
        title={`Messages about ${request.number}`}
        lead="The requester reads and answers them with their code. What the law wants in writing is a letter."
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      {said.map((one) => (
        <Said key={one.id} title={one.title} text={one.text}>
          <When at={one.at} zone={zone} />
        </Said>
      ))}
      <Form method="post" className="usa-form maxw-tablet" key={said.length}>
        <Field
          label="Message"
          name="text"
          multiline
          rows={4}
          problem={problems.text}
          defaultValue={typed.text}
          required
        />
        <button type="submit" className="usa-button">
          Send
        </button>
      </Form>
    </>
  )
}
