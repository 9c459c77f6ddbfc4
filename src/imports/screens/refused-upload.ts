import type { Answer } from '../../department/department.ts'
import { tusHeaders } from './tus.ts'

/** Why the script of the form can't go on, in sentences. */
export interface Told {
  problems: string[]
}

/** What the form's script is told instead of what it asked for. */
export function refusedUpload(answer: Exclude<Answer<unknown>, { done: unknown }>): Response {
  const problems =
    'denied' in answer
      ? [`${answer.denied.because} ${answer.denied.wayForward}`]
      : Object.values(answer.problems)
  return Response.json({ problems } satisfies Told, {
    status: 'denied' in answer ? 403 : 422,
    headers: tusHeaders,
  })
}
