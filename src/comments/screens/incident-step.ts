import { data, redirect } from 'react-router'
import type { Answer } from '../../department/department.ts'

/** Back to the incident after a step that needs no words; a rule or a colleague in between is said on an error page. */
export function stepTaken(answer: Answer<string>, id: string): never {
  if ('denied' in answer) throw data(`${answer.denied.because} ${answer.denied.wayForward}`, { status: 403 })
  if ('problems' in answer) throw data(Object.values(answer.problems).join(' '), { status: 409 })
  throw redirect(`/console/incidents/${id}`)
}
