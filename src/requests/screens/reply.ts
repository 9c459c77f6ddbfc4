import { data } from 'react-router'
import type { Answer } from '../../department/department.ts'
import type { Denied } from '../../policy/policy.ts'

/** What a form gets back when it could not be done. */
export interface Reply {
  problems?: Record<string, string>
  typed?: Record<string, string>
  refusal?: Denied
}

/** The answer as a response for the form, or null when all is done. */
export function reply(answer: Answer<unknown>, typed: Record<string, string> = {}) {
  if ('done' in answer) return null
  return 'denied' in answer
    ? data<Reply>({ refusal: answer.denied, typed }, { status: 403 })
    : data<Reply>({ problems: answer.problems, typed }, { status: 422 })
}

export const notTaken = (form: { problems: Record<string, string>; typed: Record<string, string> }) =>
  data<Reply>({ problems: form.problems, typed: form.typed }, { status: 422 })
