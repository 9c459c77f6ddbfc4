import { answered } from '../../web/answered.ts'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { agreeToBlock } from '../block.ts'
import type { Route } from './+types/block-agreement'
import { appealRefused } from './appeal-field.tsx'
import { BlockStep } from './block-parts.tsx'
import { blockSubject, noteForm } from './block-subject.ts'

export const loader = ({ params, context }: Route.LoaderArgs) => blockSubject(context, params.id)

export async function action({ request, params, context }: Route.ActionArgs) {
  const { block } = await blockSubject(context, params.id)
  const form = await readForm(request, noteForm)
  if (!form.valid) return appealRefused(form)
  const answer = await agreeToBlock(installation(context), signedIn(context), block.id)
  return answered(answer, `/console/blocks/${block.id}`, form.value)
}

export default function BlockAgreement({ loaderData, actionData }: Route.ComponentProps) {
  return (
    <BlockStep
      title="Agree to this block"
      lead="You are the second person. Look at each removal that it rests on; what this person thinks is no reason."
      button="Block until its end"
      subject={loaderData}
      reply={actionData}
    />
  )
}
