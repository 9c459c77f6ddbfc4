import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { clientAddress, installation } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { fileAppealByAddress } from '../appeal.ts'
import { appealPath } from '../notice.ts'
import type { Route } from './+types/public-appeal-by-address'
import { AppealField, appealRefused } from './appeal-field.tsx'

export const handle = { scripts: false }

export function loader({ request }: Route.LoaderArgs) {
  return { address: new URL(request.url).searchParams.get('comment') ?? '' }
}

const addressForm = z.object({
  address: z.string().trim().max(2000, 'This address is too long for one of a comment.').default(''),
  handle: z.string().trim().max(300, 'This name is too long.').default(''),
  text: z.string().default(''),
})

export async function action({ request, context }: Route.ActionArgs) {
  const form = checkForm(await formOf(request), addressForm)
  if (!form.valid) return appealRefused(form)
  const answer = await fileAppealByAddress(installation(context), form.value, clientAddress(context))
  return answered(answer, (code) => `${appealPath(code)}?new`, form.value)
}

export default function AppealByAddress({ loaderData, actionData }: Route.ComponentProps) {
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  const all: Record<string, string> = refusal ? { form: refusal.because } : problems
  return (
    <>
      <PageHeading
        title="Appeal by the comment’s address"
        lead="For comments at places where we could send you no code."
      />
      <ErrorSummary problems={all} />
      <form method="post" className="usa-form maxw-tablet" noValidate>
        <Field
          label="Web address of your comment"
          name="address"
          hint="Open your comment and copy what stands in the address line, for example https://…"
          defaultValue={typed.address ?? loaderData.address}
          problem={problems.address}
          required
        />
        <Field
          label="Your name there"
          name="handle"
          hint="As it stands beside the comment, for example @name.example."
          defaultValue={typed.handle}
          problem={problems.handle}
          autoComplete="off"
          required
        />
        <AppealField typed={typed.text} problem={problems.text} />
        <button type="submit" className="usa-button">
          Send the appeal
        </button>
      </form>
    </>
  )
}
