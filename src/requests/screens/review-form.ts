import type { Answer, Person } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import type { RequestId } from '../../storage/ids.ts'
import { reopenGroups, reviewGroups, type SeenGroup } from '../review.ts'
import { reviewGroups as groupsOf } from '../review-store.ts'
import type { ReviewQuery } from './review-states.ts'

/** The most groups that one press of a button decides about. */
const mostAtOnce = 10_000

/** Carries out what a form of the review asks for: about one group, the ticked ones, or all that the filter shows. */
export async function decisionIn(
  installation: Installation,
  person: Person,
  id: RequestId,
  form: FormData,
  query: ReviewQuery,
): Promise<Answer<number>> {
  const intent = String(form.get('intent'))
  // Enter on a box sends the form as well: nobody has decided anything then.
  if (!['release', 'withhold', 'reopen'].includes(intent))
    return { problems: { form: 'Press the button of what you decide.' } }
  const groups = form.has('all')
    ? await allOpen(installation, id, query)
    : form.getAll('group').flatMap((one) => groupIn(String(one)) ?? [])
  if (groups === null)
    return {
      problems: {
        form: `More than ${mostAtOnce.toLocaleString('en-US')} are shown. Narrow them by words, and decide part by part.`,
      },
    }
  if (intent === 'reopen') return reopenGroups(installation, person, id, groups)
  return reviewGroups(installation, person, id, groups, {
    decision: intent === 'withhold' ? 'withhold' : 'release',
    exemptions: [...new Set(form.getAll('exemptions').map(String).filter(Boolean))],
    why: String(form.get('why') ?? ''),
  })
}

/** A group's key and what was seen of it, as a form carries them: `alike:seen`. */
function groupIn(text: string): SeenGroup | null {
  const [, alike, seen] = /^([0-9a-f-]{32,36}):(\d{1,9})$/.exec(text) ?? []
  return alike && seen ? { alike, seen: Number(seen) } : null
}

/** Only what waits for review is decided about unseen; a decision that stands is changed one by one. */
async function allOpen(
  { db }: Installation,
  id: RequestId,
  { words }: ReviewQuery,
): Promise<SeenGroup[] | null> {
  const { groups, total } = await groupsOf(db, id, { state: 'open', words, page: 1 }, mostAtOnce)
  return total > mostAtOnce ? null : groups
}
