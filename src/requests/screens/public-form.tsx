import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { contactsOf, departmentProfile } from '../../department/department.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Honeypot } from '../../web/components/honeypot.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { clientAddress, installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { receiveByForm } from '../receipt.ts'
import type { Route } from './+types/public-form'
import { email, needed, optional, optionalDay } from './fields.ts'
import { notTaken, type Reply, reply } from './reply.ts'

export const meta: Route.MetaFunction = () => [{ title: 'Ask for records' }]

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const profile = await departmentProfile(db)
  return {
    name: profile?.name ?? 'The department',
    days: policy.recordsLaw.responseBusinessDays,
    contact: contactsOf(profile),
  }
}

const requestForm = z.object({
  text: needed('Say what you are looking for. A sentence is enough.'),
  aboutFrom: optionalDay,
  aboutTo: optionalDay,
  format: optional(200, 'Say it in fewer than 200 characters.'),
  name: optional(200, 'A name can have up to 200 characters.'),
  email,
  address: optional(1000, 'This is longer than an address can be.'),
  website: z.string().optional(),
})

export async function action({ request, context }: Route.ActionArgs) {
  const form = await readForm(request, requestForm)
  if (!form.valid) return notTaken(form)
  const { website, email, address, ...arrival } = form.value
  // People don't see this field; programs that fill in every field do. They are told nothing.
  if (website) throw redirect('/records-requests')
  const answer = await receiveByForm(
    installation(context),
    { ...arrival, contact: { email, address } },
    clientAddress(context),
  )
  if ('done' in answer) throw redirect(`/records-requests/${answer.done.code}?new`)
  return reply(answer, typedBy(form.value))
}

const typedBy = (value: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(value).map(([name, text]) => [name, text ?? '']))

export default function AskForRecords({ loaderData, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] })
  return (
    <>
      <PageHeading
        title="Ask for records"
        lead={`${loaderData.name} answers in writing within ${loaderData.days} business days. You need no account and no reason.`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Form method="post" className="usa-form maxw-tablet">
        <Field
          {...field('text')}
          label="What are you looking for?"
          hint="The more exactly you describe it (what, when, where, who), the faster we find it."
          multiline
          rows={6}
          required
        />
        <Field
          {...field('aboutFrom')}
          label="From (optional)"
          hint="The first day you are interested in."
          type="date"
        />
        <Field
          {...field('aboutTo')}
          label="To (optional)"
          hint="The last day you are interested in."
          type="date"
        />
        <Field
          {...field('format')}
          label="In what form would you like it? (optional)"
          hint="We send electronic copies if you leave this empty. Say so if you need paper, large print or something else."
        />
        <Field
          {...field('name')}
          label="Your name (optional)"
          hint="You don’t have to say who you are. A name that you give becomes part of the public record."
        />
        <Field
          {...field('email')}
          label="Your e-mail (optional)"
          hint="Only to ask you back or send the answer. It is kept encrypted and never published."
          type="email"
        />
        <Field
          {...field('address')}
          label="Your postal address (optional)"
          hint="Only if you want paper. It is kept encrypted and never published."
          multiline
          rows={3}
        />
        <Honeypot />
        <button type="submit" className="usa-button">
          Send the request
        </button>
      </Form>
      {loaderData.contact.length > 0 && (
        <p>You can also ask in person, by letter, e-mail or telephone: {loaderData.contact.join(' · ')}.</p>
      )}
    </>
  )
}
