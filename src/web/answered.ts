import { data, redirect } from 'react-router'
import type { Answer } from '../department/department.ts'

/** What a screen sends back: on to `next` when it is done, else the rule or the problems, with what was typed. */
export function answered<Value>(
  answer: Answer<Value>,
  next: string | ((value: Value) => string),
  typed: Record<string, string> = {},
) {
  if ('done' in answer) throw redirect(typeof next === 'string' ? next : next(answer.done))
  if ('denied' in answer)
    return data({ refusal: answer.denied, problems: {} as Record<string, string>, typed }, { status: 403 })
  return data({ refusal: null, problems: answer.problems, typed }, { status: 422 })
}
