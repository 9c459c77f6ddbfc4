import { data, Form, redirect } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { whenToUse } from '../letter.ts'
import { draftLetter, sendLetter } from '../send-letter.ts'
import type { Route } from './+types/letter'
import { foundRequest } from './found.ts'
import { LetterChoicesForm } from './letter-choices.tsx'
import { choicesIn, hiddenChoices } from './letter-form.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const found = await foundRequest(context, params.id)
  const here = installation(context)
  const { policy } = here
  if (!policy.letters.templates.some((one) => one.id === params.template))
    throw data('There is no such letter. The list shows all of them.', { status: 404 })
  const choices = choicesIn(new URL(request.url).searchParams)
  const { template, facts, subject, body } = await draftLetter(
    here,
    signedIn(context),
    found.id,
    params.template,
    choices,
  )
  return {
    request: found,
    template: {
      id: template.id,
      title: template.title,
      does: template.does,
      use: whenToUse(template, policy),
    },
    choices,
    letter: { subject, body },
    asks: {
      why: template.body.includes('{why}') || template.needs.includes('exemption'),
      exemptions: template.needs.includes('exemption'),
      newDue: template.body.includes('{newDue}'),
      factors: template.needs.includes('factors'),
    },
    reviewed: facts.withheld.length > 0,
    estimated: facts.estimate !== '',
    exemptions: policy.exemptions.map(({ letter, title }) => ({ letter, title })),
    factors: policy.recordsLaw.petitionFactors.map(({ id, title }) => ({ id, title })),
    factorsUnchecked: policy.recordsLaw.petitionFactorsUnchecked,
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await formOf(request)
  const text = (name: string) =>
    String(form.get(name) ?? '')
      .replace(/\r\n?/g, '\n')
      .trim()
  const [subject, body] = [text('subject'), text('body')]
  const missing = {
    ...(subject ? {} : { subject: 'Give the letter a subject.' }),
    ...(body ? {} : { body: 'The letter is empty.' }),
  }
  const typed = { subject, body }
  if (Object.keys(missing).length > 0) return reply({ problems: missing }, typed)
  const answer = await sendLetter(installation(context), signedIn(context), id, {
    ...choicesIn(form),
    template: params.template,
    subject,
    body,
  })
  if ('done' in answer) throw redirect(`${requestPath(id)}/letters/sent/${answer.done}`)
  return reply(answer, typed)
}

export default function Letter({ loaderData, actionData }: Route.ComponentProps) {
  const { request, template, choices, letter, asks, estimated } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const path = requestPath(request.id)
  return (
    <>
      <RequestHeading request={request} title={`${template.title}, ${request.number}`} lead={template.use} />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      {template.does === 'estimate' && !estimated && (
        <p>
          There is no fee estimate yet. <a href={`${path}/fee`}>Make it first</a>.
        </p>
      )}
      {Object.values(asks).some(Boolean) && <LetterChoicesForm {...loaderData} problems={problems} />}
      <Form method="post" className="maxw-desktop pv-long-text" key={JSON.stringify(choices)}>
        {hiddenChoices(choices).map(([name, value]) => (
          <input key={`${name}-${value}`} type="hidden" name={name} value={value} />
        ))}
        <Field
          label="Subject"
          name="subject"
          problem={problems.subject}
          defaultValue={typed.subject ?? letter.subject}
          required
        />
        <Field
          label="Letter"
          name="body"
          hint="Change what you like. Parts that the law wants have to stay."
          problem={problems.body}
          defaultValue={typed.body ?? letter.body}
          multiline
          rows={20}
          required
        />
        <button type="submit" className="usa-button margin-top-2">
          {template.does === 'close' ? 'Send and close the request' : 'Send'}
        </button>
        <p className="usa-hint">
          The requester reads it with their code. If they left no address here, print it on the next page.
        </p>
      </Form>
    </>
  )
}
