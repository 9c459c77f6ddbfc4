import { data, Form, redirect } from 'react-router'
import { whoIs } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { longDay } from '../long-day.ts'
import { requestById } from '../store.ts'
import { finishTask, taskById } from '../task.ts'
import type { Route } from './+types/task'
import { type Reply, reply } from './reply.ts'

/** A task as whoever has it sees it: with what is asked for, and nothing else of the request. */
export async function loader({ params, context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const id = parseId<'task'>(params.task)
  const task = id && (await taskById(db, id))
  if (!task) throw data('There is no such task.', { status: 404 })
  const decision = policy.decide(whoIs(signedIn(context)), 'request.help', {
    type: 'Request',
    id: task.request,
    assigneeId: task.assignee,
  })
  if (!decision.allowed) throw data(`${decision.because} ${decision.wayForward}`, { status: 403 })
  return { task, text: (await requestById(db, task.request))?.text ?? '' }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const id = parseId<'task'>(params.task)
  if (!id) throw data('There is no such task.', { status: 404 })
  const typed = String((await formOf(request)).get('minutes') ?? '').trim()
  const minutes = typed === '' ? null : Number(typed)
  if (minutes !== null && !(Number.isInteger(minutes) && minutes >= 0 && minutes < 100_000))
    return reply({ problems: { minutes: 'Write whole minutes, like 45.' } }, { minutes: typed })
  const answer = await finishTask(installation(context), signedIn(context), id, minutes)
  if ('done' in answer) throw redirect('/console')
  return reply(answer, { minutes: typed })
}

export default function TaskScreen({ loaderData: { task, text }, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  return (
    <>
      <PageHeading
        title={`Task for request ${task.number}`}
        lead={`${task.assigneeName}, due ${longDay(task.due)}`}
      />
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <p className="text-pre-wrap">{task.title}</p>
      <h2>What is asked for</h2>
      <p className="pv-quote text-pre-wrap">{text}</p>
      {task.doneAt ? (
        <p>It is done.</p>
      ) : (
        <Form method="post" className="usa-form">
          <Field
            label="Minutes that it took (optional)"
            name="minutes"
            inputMode="numeric"
            hint="The report to the Secretary counts the hours."
            problem={problems.minutes}
            defaultValue={typed.minutes}
          />
          <button type="submit" className="usa-button">
            It is done
          </button>
        </Form>
      )}
    </>
  )
}
