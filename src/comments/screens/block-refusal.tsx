import { answered } from '../../web/answered.ts'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { refuseBlock } from '../block.ts'
import type { Route } from './+types/block-refusal'
import { appealRefused } from './appeal-field.tsx'
import { BlockStep } from './block-parts.tsx'
import { blockSubject, noteForm } from './block-subject.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => blockSubject(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { block } = await blockSubject(context, params.id)
  const form = await readForm(request, noteForm)
  if (!form.valid) return appealRefused(form)
  const answer = await refuseBlock(installation(context), signedIn(context), block.id, form.value.note)
  return answered(answer, `/console/blocks/${block.id}`, form.value)
}

export default function BlockRefusal({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <BlockStep
      title="Do not agree to this block"
      lead="The author goes on commenting. Single comments can still be hidden where the policy lets you."
      button="Leave them in"
      note="Why not (for your colleagues)"
      subject={loaderData}
      reply={actionData}
    />
  )
}
