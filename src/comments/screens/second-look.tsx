import { data, Form, Link } from 'react-router'
import { z } from 'zod'
import { opening } from '../../opening.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { judge, looksFor } from '../second-look.ts'
import type { Route } from './+types/second-look'
import { appealRefused } from './appeal-field.tsx'
import { Choices } from './choices.tsx'
import { mustModerate } from './found-comment.ts'
import { Pictures } from './pictures.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const waiting = await looksFor(here, signedIn(context))
  const look = waiting.find(({ decision }) => decision === params.id)
  if (!look) return data({ gone: true as const, left: waiting.length }, { status: 404 })
  // Nothing that tells what was decided, or by whom, nor the comment's id, leads to the browser.
  const { text, pictures, author, language, pageTitle, post } = look
  return {
    gone: false as const,
    // A file's name would lead to its record.
    pictures: pictures.map(({ blob, ...picture }) => ({ ...picture, blob: blob && 'kept' })),
    at: `/console/second-looks/${look.decision}/pictures`,
    ...{ text, author, language, pageTitle, post, left: waiting.length },
    reasons: here.policy.removalReasons.map(({ id, title, covers, clause }) => ({
      id,
      title,
      covers,
      clause,
    })),
  }
}

const judgementForm = z.object({ choice: z.string('Choose one.').default('') })

export async function action({ request, params, context }: Route.ActionArgs) {
  mustModerate(context)
  const form = await readForm(request, judgementForm)
  if (!form.valid) return appealRefused(form)
  const answer = await judge(installation(context), signedIn(context), params.id, form.value.choice)
  return answered(answer, '/console/second-looks', form.value)
}

export default function SecondLookScreen({ loaderData, actionData }: Route.ComponentProps) {
  if (loaderData.gone) return <Gone left={loaderData.left} />
  const { text, pictures, at, author, language, pageTitle, post, left, reasons } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  const choices = [
    { id: 'keep', title: 'Keep it', covers: 'None of the policy’s reasons applies.', clause: '' },
    ...reasons.map((one) => ({ ...one, title: `Hide it: ${one.title}` })),
  ]
  return (
    <>
      <PageHeading
        title="A second look"
        lead={`What would you decide? Somebody decided about this comment already. What you choose changes nothing there; the department learns how alike its people decide. ${left === 1 ? 'This is the only one.' : `${left} wait for you.`}`}
      />
      {refusal && <Refusal decision={refusal} />}
      <ErrorSummary problems={problems} />
      <article className="pv-card margin-bottom-2">
        <p className="pv-comment-head">
          <strong>{author}</strong>
        </p>
        <p className="pv-quote pv-comment-words" lang={language ?? undefined}>
          {text || <span className="pv-quiet">No words.</span>}
        </p>
        <Pictures pictures={pictures} at={at} />
        <p className="margin-bottom-0 pv-quiet">
          On {pageTitle}, under “{opening(post, 200)}”
        </p>
      </article>
      <Form method="post" className="maxw-tablet">
        <Choices
          title="Your decision"
          name="choice"
          options={choices.map(({ id, title, covers, clause }) => ({
            ...{ id, title },
            means: clause ? `${covers} (${clause})` : covers,
          }))}
          chosen={typed.choice}
        />
        <button className="usa-button margin-top-2" type="submit">
          Put it down
        </button>
        <Link className="usa-button usa-button--outline" to="/console">
          Later
        </Link>
      </Form>
    </>
  )
}

/** For who comes late: a colleague was quicker, or the link is old. */
function Gone({ left }: { left: number }) {
  return (
    <>
      <PageHeading
        title="A second look"
        lead="This one does not wait for you: it was taken, perhaps a moment ago, or you had a part in the decision. The first judgement counts, and yours is not kept."
      />
      {left > 0 ? (
        <Link className="usa-button" to="/console/second-looks">
          {left === 1 ? 'Go on to the one that waits' : `Go on to the next of ${left}`}
        </Link>
      ) : (
        <Link className="usa-button usa-button--outline" to="/console/second-looks">
          Back to the second looks
        </Link>
      )}
    </>
  )
}
