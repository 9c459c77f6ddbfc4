import { data, Link } from 'react-router'
import { z } from 'zod'
import { parseId } from '../../storage/ids.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { agree, reviewDue } from '../automatic.ts'
import { waitingReview } from '../automatic-store.ts'
import { restoreComment } from '../moderation.ts'
import type { Route } from './+types/automatic-review'
import { CommentText, PostOf } from './comment-text.tsx'
import { subjectOf } from './decision-subject.ts'
import { mustModerate } from './found-comment.ts'
import { ReviewChoice } from './review-choice.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const id = parseId(params.decision)
  const review = id ? await waitingReview(here.db, id) : undefined
  if (!review)
    throw data('This does not wait for a look: a colleague took it, or the comment was shown again.', {
      status: 404,
    })
  const category = here.policy.suggestions.categories.find((one) => one.id === review.category)
  const { card, zone } = await subjectOf(context, review.comment)
  const { why, score, threshold, at } = review
  return {
    card,
    zone,
    review: {
      why,
      score,
      threshold,
      at,
      due: reviewDue(here, at),
      title: category?.title ?? review.category,
    },
  }
}

const outcomeForm = z.object({
  outcome: z.enum(['agreed', 'shown'], 'Choose whether it stays hidden.'),
  revision: z.coerce.number().int(),
})

export async function action({ request, params, context }: Route.ActionArgs) {
  mustModerate(context)
  const here = installation(context)
  const id = parseId(params.decision)
  const review = id ? await waitingReview(here.db, id) : undefined
  const form = await readForm(request, outcomeForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  if (!id || !review) throw data('A colleague looked at it in the meantime.', { status: 409 })
  const { outcome, revision } = form.value
  const answer =
    outcome === 'agreed'
      ? await agree(here, signedIn(context), id)
      : await restoreComment(here, signedIn(context), review.comment, { revision })
  return answered<unknown>(answer, `/console/automatic-hiding?reviewed=${outcome}`)
}

export default function AutomaticReview({
  loaderData: { card, zone, review },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Hidden without a person"
        lead={`As “${review.title}”, with a score of ${Math.round(review.score * 100)} where the threshold is ${Math.round(review.threshold * 100)}. Say whether it stays hidden.`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <article className="pv-card">
        <CommentText card={card} zone={zone} />
        <PostOf card={card} />
        <p className="pv-quiet margin-bottom-0">
          Hidden <When at={review.at} zone={zone} />. To be looked at by <When at={review.due} zone={zone} />,{' '}
          {review.why === 'near' ? 'because it is near the threshold.' : 'as one of the sample.'}{' '}
          <Link to={`/console/comments/${card.id}`}>The comment and its records</Link>
        </p>
      </article>
      <ReviewChoice revision={card.revision} />
    </>
  )
}
