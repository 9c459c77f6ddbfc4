import { registerCommentJobs, submitComment } from '../comments/comments.ts'
import { people as peopleOf } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { allPages, registerPageJobs } from '../pages/pages.ts'
import {
  approvePost,
  publishNow,
  registerPostJobs,
  saveDraft,
  startDraft,
  submitPost,
} from '../posts/posts.ts'
import type { CommentId } from '../storage/ids.ts'
import { generator } from './chance.ts'
import { streets } from './comments.ts'
import { done } from './done.ts'
import { jobsByHand } from './jobs-by-hand.ts'
import { type PersonKey, people, visitorFirstNames, visitorHandles, visitorLastNames } from './people.ts'
import { campaigns, leads, retorts, stormPost, stormWords } from './storm-words.ts'

/** One comment of the storm. */
export interface StormComment {
  name: string
  text: string
  /** An answer to the comment this many places before it. */
  answers: number | null
}

const minutes = 180

/** An evening's comments under one post: the same for the same seed. More than 500, a quarter of them copies. */
export function storm(seed = 437): StormComment[] {
  const chance = generator(seed)
  const pick = <Item>(from: readonly Item[]): Item => from[Math.floor(chance() * from.length)] as Item
  const said = stormWords.flat()
  const again = said
    .filter((text) => text.length > 30 && !/[*]|link|Send|tap/.test(text))
    .map((text) => {
      const lead = pick(leads)
      return /[.:]$/.test(lead) || /^I\b|^[^A-Z]/.test(text)
        ? `${lead} ${text}`
        : `${lead} ${text.charAt(0).toLowerCase()}${text.slice(1)}`
    })
  const own = [...said, ...again.filter(() => chance() < 0.75)].map((text) =>
    text.replaceAll('{street}', pick(streets)),
  )
  const copies = campaigns.flatMap(({ text, times }) =>
    Array.from({ length: times }, () => disguised(text, chance)),
  )
  const comments = shuffled([...own, ...copies], chance).map(
    (text): StormComment => ({ name: visitor(chance, pick), text, answers: null }),
  )
  // People answer what was written shortly before.
  return comments.flatMap((comment) =>
    chance() < 0.22 ? [comment, { name: visitor(chance, pick), text: pick(retorts), answers: 1 }] : [comment],
  )
}

/** Pours the storm over a filled demonstration, once: a post of this evening, and what the town writes under it. */
export async function pourStorm(real: Installation): Promise<number> {
  const there = await real.db.selectFrom('post').select('id').where('text', '=', stormPost).executeTakeFirst()
  if (there) return 0
  const jobs = jobsByHand()
  const began = new Date(real.now().getTime() - minutes * 60_000)
  let clock = began
  const here: Installation = { ...real, jobs, now: () => clock }
  await registerPageJobs(here)
  await registerPostJobs(here)
  await registerCommentJobs(here)
  const staff = await peopleOf(real.db, real.now())
  const one = (key: PersonKey) => {
    const email = people.find((person) => person.key === key)?.email
    const found = staff.find((person) => person.email === email)
    if (!found) throw new Error(`The demonstration has lost its ${key}.`)
    return found
  }
  const page = (await allPages(real.db)).find(({ slug }) => slug === 'news')?.id
  if (!page) throw new Error('The demonstration has lost its page.')

  const post = done(await startDraft(here, one('pio')))
  const draft = { version: 1, text: stormPost, link: '', pages: [page], alts: {} }
  const { version } = done(await saveDraft(here, one('pio'), post, draft))
  done(await submitPost(here, one('pio'), post, version))
  done(await approvePost(here, one('chief'), post, version))
  done(await publishNow(here, one('pio'), post, version))
  await jobs.runAll()
  const publication = await real.db
    .selectFrom('publication')
    .select('id')
    .where('post', '=', post)
    .executeTakeFirstOrThrow()

  const comments = storm()
  const ids: (CommentId | null)[] = []
  for (const [n, comment] of comments.entries()) {
    // The rush comes at once and ebbs: half of it in the first half hour.
    clock = new Date(began.getTime() + minutes * 60_000 * (0.01 + 0.98 * ((n + 1) / comments.length) ** 2))
    const answer = done(
      await submitComment(here, {
        page,
        publication: publication.id,
        name: comment.name,
        text: comment.text,
        honeypot: '',
        clientAddress: `2001:db8:437::${n.toString(16)}`,
        inReplyTo: (comment.answers && ids[n - comment.answers]) || undefined,
      }),
    )
    // While comments are held for review nobody sees them, so nobody answers.
    ids.push(answer.heldUntil ? null : answer.comment)
  }
  return comments.length
}

/** Who copies changes a little that nobody sees, so that it looks like their own. */
function disguised(text: string, chance: () => number): string {
  const roll = chance()
  if (roll < 0.15) return text.toUpperCase()
  if (roll < 0.3) return text.toLowerCase()
  if (roll < 0.4) return text.replace(' ', '  ')
  return roll < 0.5 ? text.replace(' ', '\u200b ') : text
}

function visitor(chance: () => number, pick: <Item>(from: readonly Item[]) => Item): string {
  const roll = chance()
  if (roll < 0.2) return pick(visitorHandles)
  return roll < 0.4
    ? `${pick(visitorFirstNames)} ${pick(visitorLastNames).charAt(0)}.`
    : `${pick(visitorFirstNames)} ${pick(visitorLastNames)}`
}

function shuffled<Item>(items: readonly Item[], chance: () => number): Item[] {
  return items
    .map((item) => ({ item, at: chance() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
