import { data } from 'react-router'
import { z } from 'zod'
import type { Answer } from '../../department/department.ts'
import type { Denied } from '../../policy/policy.ts'
import { answered } from '../../web/answered.ts'
import { checkForm, formOf } from '../../web/form.ts'

/** What every decision about a comment sends: what was seen, why, and where to go afterwards. */
const decisionForm = z.object({
  revision: z.coerce.number().int(),
  reason: z.string().trim().default(''),
  note: z.string().trim().max(2000, 'Keep the note under 2,000 characters.').default(''),
  back: z.string().default(''),
  /** 'all': the identical comments that waited at `until` as well. */
  copies: z.string().default(''),
  until: z.coerce.date().default(() => new Date()),
  asked: z.string().default(''),
  kind: z.string().default(''),
  advice: z.string().max(2000, 'Keep the advice under 2,000 characters.').default(''),
})

export interface Reply {
  refusal: Denied | null
  problems: Record<string, string>
  typed: Record<string, string>
}

/** Reads the form, decides, and goes back to where the moderator came from. */
export async function decided<Value>(
  request: Request,
  id: string,
  decide: (form: z.infer<typeof decisionForm>) => Promise<Answer<Value>>,
) {
  const form = checkForm(await formOf(request), decisionForm)
  if (!form.valid)
    return data<Reply>({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const { back, note, reason, asked, kind, advice, copies } = form.value
  return answered(await decide(form.value), backTo(back, id, copies), { note, reason, asked, kind, advice })
}

/** Back to the list with a word about what was decided, or to the comment's own screen. Never to another site. */
function backTo(back: string, id: string, copies: string): string {
  if (!/^\/console\/comments(\?|$)/.test(back)) return `/console/comments/${id}`
  const address = new URL(back, 'http://here')
  address.searchParams.set('decided', id)
  if (copies === 'all') address.searchParams.set('copies', 'all')
  return `${address.pathname}${address.search}`
}
