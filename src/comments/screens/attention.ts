import { z } from 'zod'
import { type CommentId, parseId } from '../../storage/ids.ts'
import { installation, signedIn } from '../../web/context.ts'
import { checkForm, formOf } from '../../web/form.ts'
import { type Claim, claimComment, claimsOfOthers, releaseClaim } from '../claim.ts'
import { countArrivals, countMatching, countWaiting, decidedAmong } from '../queue.ts'
import type { Route } from './+types/attention'
import { mustModerate } from './found-comment.ts'
import { readAddress } from './queue-address.ts'

const attentionForm = z.object({
  /** The list's address, and when it was read. */
  address: z.string().max(2000),
  since: z.coerce.date(),
  /** Comments on the screen. */
  shown: z.string().max(8000).default(''),
  /** The comment that has the focus, while somebody is there; 'none' when they leave. */
  looking: z.string().default(''),
})

/** What an open queue has to know every few seconds. */
export interface Attention {
  arrived: number
  waiting: number
  matching: number | null
  claims: Claim[]
  decided: { comment: CommentId; words: string }[]
}

/** Says what this person looks at, and is told what is new, who looks at what, and what was decided meanwhile. */
export async function action({ request, context }: Route.ActionArgs): Promise<Response> {
  mustModerate(context)
  const form = checkForm(await formOf(request), attentionForm)
  if (!form.valid) return Response.json({ problems: form.problems }, { status: 422 })
  const here = installation(context)
  const person = signedIn(context)
  const { address, since, looking } = form.value
  if (looking === 'none') {
    await releaseClaim(here.db, person)
    return new Response(null, { status: 204 })
  }
  const shown = form.value.shown.split(',').flatMap((one) => parseId<'comment'>(one) ?? [])
  const focused = parseId<'comment'>(looking)
  if (focused && shown.includes(focused)) await claimComment(here, person, focused)
  const filter = readAddress(new URL(address, here.baseUrl))
  const looker = { person: person.id, now: here.now() }
  const [arrived, waiting, matching, claims, decided] = await Promise.all([
    countArrivals(here.db, { ...filter, after: null }, looker, since),
    countWaiting(here.db),
    countMatching(here.db, filter, looker),
    claimsOfOthers(here, person, shown),
    filter.state === 'waiting' ? decidedAmong(here.db, shown, person.id) : [],
  ])
  return Response.json({ arrived, waiting, matching, claims, decided } satisfies Attention)
}
