import { answered } from '../../web/answered.ts'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { endBlock } from '../block.ts'
import type { Route } from './+types/block-end'
import { appealRefused } from './appeal-field.tsx'
import { BlockStep } from './block-parts.tsx'
import { blockSubject, noteForm } from './block-subject.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => blockSubject(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { block } = await blockSubject(context, params.id)
  const form = await readForm(request, noteForm)
  if (!form.valid) return appealRefused(form)
  const answer = await endBlock(installation(context), signedIn(context), block.id, form.value.note)
  return answered(answer, `/console/blocks/${block.id}`, form.value)
}

export default function BlockEnd({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <BlockStep
      title="End this block now"
      lead="The author can comment again at once, here and where the block was set."
      button="End the block"
      note="Why now (for your colleagues)"
      subject={loaderData}
      reply={actionData}
    />
  )
}
