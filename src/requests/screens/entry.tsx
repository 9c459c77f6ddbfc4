import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { enterRequest, todayHere } from '../receipt.ts'
import type { Route } from './+types/entry'
import { channels } from './channels.ts'
import { day, email, needed, optional, optionalDay } from './fields.ts'
import { mustWorkOnRequests } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'
import { requestPath } from './request-path.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Enter a request' }]

export async function loader({ context }: Route.LoaderArgs) {
  mustWorkOnRequests(context)
  return { today: await todayHere(installation(context)) }
}

const { form: _, ...enteredChannels } = channels

const entryForm = z.object({
  text: needed('Write down what is asked for, in the requester’s own words.'),
  channel: z.enum(['in-person', 'letter', 'email', 'fax', 'telephone'], 'Choose how the request came.'),
  arrivedOn: day('Enter the day on which the request reached the department.'),
  aboutFrom: optionalDay,
  aboutTo: optionalDay,
  format: optional(200, 'Say it in fewer than 200 characters.'),
  name: optional(200, 'A name can have up to 200 characters.'),
  email,
  phone: optional(60, 'This is longer than a telephone number can be.'),
  address: optional(1000, 'This is longer than an address can be.'),
})

export async function action({ request, context }: Route.ActionArgs) {
  const form = await readForm(request, entryForm)
  if (!form.valid) return notTaken(form)
  const { email, phone, address, ...arrival } = form.value
  const answer = await enterRequest(installation(context), signedIn(context), {
    ...arrival,
    contact: { email, phone, address },
  })
  if ('done' in answer) throw redirect(requestPath(answer.done.id))
  return reply(
    answer,
    Object.fromEntries(Object.entries(form.value).map(([name, text]) => [name, text ?? ''])),
  )
}

export default function EnterRequest({ loaderData, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] })
  return (
    <>
      <PageHeading
        title="Enter a request"
        lead="For requests that came by letter, e-mail, fax, telephone or in person."
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Form method="post" className="usa-form maxw-tablet">
        <Field {...field('text')} label="What is asked for" multiline rows={6} required />
        <Field
          {...field('channel')}
          label="How it came"
          options={[
            { value: '', label: 'Choose' },
            ...Object.entries(enteredChannels).map(([value, label]) => ({ value, label })),
          ]}
          required
        />
        <Field
          {...field('arrivedOn')}
          defaultValue={typed.arrivedOn ?? loaderData.today}
          label="Day it reached the department"
          hint="On a weekend or holiday too: the day of receipt is worked out from it."
          type="date"
          required
        />
        <Field {...field('aboutFrom')} label="About the time from (optional)" type="date" />
        <Field {...field('aboutTo')} label="To (optional)" type="date" />
        <Field {...field('format')} label="Form wanted (optional)" hint="Paper, large print, a drive…" />
        <Field
          {...field('name')}
          label="Requester’s name (optional)"
          hint="Nobody has to say who they are. A name becomes part of the public record."
        />
        <Field
          {...field('email')}
          label="E-mail (optional)"
          hint="E-mail, telephone and address are kept encrypted, outside the record."
          type="email"
        />
        <Field {...field('phone')} label="Telephone (optional)" type="tel" />
        <Field {...field('address')} label="Postal address (optional)" multiline rows={3} />
        <button type="submit" className="usa-button">
          Enter the request
        </button>
      </Form>
    </>
  )
}
