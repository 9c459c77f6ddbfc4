import { data, redirect } from 'react-router'
import { z } from 'zod'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { chooseNumber } from '../second-look.ts'
import type { Route } from './+types/consistency-sample'

const sampleForm = z.object({
  aMonth: z.coerce.number().int().min(0).max(1000),
})

export const loader = () => redirect('/console/consistency')

export async function action({ request, context }: Route.ActionArgs) {
  const form = await readForm(request, sampleForm)
  if (!form.valid)
    throw data(
      'Write how many decisions a month get a second look: a whole number up to 1,000. Go back to change it.',
      {
        status: 422,
      },
    )
  const answer = await chooseNumber(installation(context), signedIn(context), form.value.aMonth)
  if ('denied' in answer) throw data(`${answer.denied.because} ${answer.denied.wayForward}`, { status: 403 })
  throw redirect('/console/consistency')
}
