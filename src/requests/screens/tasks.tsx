import { Form, redirect } from 'react-router'
import { z } from 'zod'
import { people } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { longDay } from '../long-day.ts'
import { assignTask, tasksOf } from '../task.ts'
import type { Route } from './+types/tasks'
import { day, needed } from './fields.ts'
import { foundRequest } from './found.ts'
import { notTaken, type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const request = await foundRequest(context, params.id)
  const { db, now } = installation(context)
  const [tasks, everybody] = await Promise.all([tasksOf(db, request.id), people(db, now())])
  return { request, tasks, people: everybody.map(({ id, name }) => ({ value: id as string, label: name })) }
}

const taskForm = z.object({
  title: needed('Say what is to be done.', 500),
  assignee: z.string().transform((text, context) => {
    const id = parseId<'person'>(text)
    if (id) return id
    context.addIssue('Choose who does it.')
    return z.NEVER
  }),
  due: day('Choose the day by which it is done.'),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const form = await readForm(request, taskForm)
  if (!form.valid) return notTaken(form)
  const answer = await assignTask(installation(context), signedIn(context), id, form.value)
  if ('done' in answer) throw redirect(`${requestPath(id)}/tasks`)
  return reply(answer, form.value)
}

export default function Tasks({ loaderData: { request, tasks, people }, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] })
  return (
    <>
      <RequestHeading
        request={request}
        title={`Tasks for ${request.number}`}
        lead="Work that colleagues do for this request. They find it under Today."
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      {tasks.length === 0 ? (
        <EmptyState title="No task yet">
          <p>Ask a colleague below, for example to search their mail or to read a thread.</p>
        </EmptyState>
      ) : (
        <ul className="usa-list">
          {tasks.map((one) => (
            <li key={one.id}>
              <a href={`/console/requests/tasks/${one.id}`}>{one.title}</a>, {one.assigneeName},{' '}
              {one.doneAt
                ? `done${one.minutes === null ? '' : `, ${one.minutes} minutes`}`
                : `due ${longDay(one.due)}`}
            </li>
          ))}
        </ul>
      )}
      {!request.closure && (
        <Form method="post" className="usa-form maxw-tablet" key={tasks.length}>
          <h2>A new task</h2>
          <Field {...field('title')} label="What is to be done" multiline rows={3} required />
          <Field
            {...field('assignee')}
            label="Who does it"
            options={[{ value: '', label: 'Choose' }, ...people]}
            required
          />
          <Field {...field('due')} label="By when" type="date" required />
          <button type="submit" className="usa-button">
            Give the task
          </button>
        </Form>
      )}
    </>
  )
}
