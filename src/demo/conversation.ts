import { generator } from './chance.ts'
import {
  byTopic,
  closers,
  criticism,
  hours,
  offTopic,
  openers,
  removable,
  short,
  streets,
} from './comments.ts'
import { visitorFirstNames, visitorHandles, visitorLastNames } from './people.ts'
import type { DemoPost } from './posts.ts'

export interface DemoComment {
  /** Which of the posts it is under. */
  post: number
  name: string
  text: string
  minutesAfter: number
  /** What a moderator has to see in it; 'plain' comments were never in question. */
  kind: 'plain' | 'criticism' | 'off-topic' | (typeof removable)[number]['why']
}

/** What visitors wrote under `posts`: the same conversation for the same seed, `about` comments long. */
export function conversation(posts: readonly DemoPost[], about: number, seed = 1599): DemoComment[] {
  const chance = generator(seed)
  const pick = <Item>(from: readonly Item[]): Item => from[Math.floor(chance() * from.length)] as Item
  const place = (text: string) => text.replaceAll('{street}', pick(streets)).replaceAll('{hour}', pick(hours))
  const weights = posts.map((post) => (popularity[post.topic] ?? 1) * (0.4 + chance() * 1.2))
  const total = weights.reduce((sum, weight) => sum + weight, 0)

  return posts.flatMap((post, index) => {
    const said = new Set<string>()
    const count = Math.round(((weights[index] ?? 0) / total) * about)
    const comments: DemoComment[] = []
    for (let tries = 0; comments.length < count && tries < count * 30; tries++) {
      const { kind, text } = remark(post, chance, pick)
      const full = place(text)
      // Short thanks are said again and again under one post; a whole sentence is not.
      if (said.has(text) && (kind !== 'plain' || full.length > 40 || chance() < 0.6)) continue
      said.add(text)
      comments.push({
        post: index,
        name: visitor(chance, pick),
        text: full,
        minutesAfter: delay(chance()),
        kind,
      })
    }
    return comments.sort((a, b) => a.minutesAfter - b.minutesAfter)
  })
}

type Pick = <Item>(from: readonly Item[]) => Item

/** What stirs a town, and what does not. */
const popularity: Partial<Record<DemoPost['topic'], number>> = {
  storm: 1.5,
  missing: 1.6,
  arrest: 1.5,
  k9: 1.4,
  lost: 1.3,
  parade: 1.2,
  policy: 1.2,
  recruiting: 0.6,
  event: 0.8,
}

function remark(post: DemoPost, chance: () => number, pick: Pick): Remark {
  const roll = chance()
  if (roll < 0.022) {
    const { why, text } = pick(removable)
    return { kind: why, text }
  }
  if (roll < (post.topic === 'policy' || post.topic === 'arrest' ? 0.12 : 0.05))
    return { kind: 'criticism', text: pick(criticism) }
  if (roll < 0.13 && roll > 0.12) return { kind: 'off-topic', text: pick(offTopic) }
  if (roll < 0.27) return { kind: 'plain', text: pick(short) }
  const body = pick(byTopic[post.topic])
  const lead = roll < 0.45 ? `${pick(openers)} ` : ''
  const end = chance() < 0.22 ? ` ${pick(closers)}` : ''
  return { kind: 'plain', text: `${joined(lead, body)}${end}` }
}
interface Remark {
  kind: DemoComment['kind']
  text: string
}

/** After "As a parent," a sentence goes on in small letters, unless it begins with I. */
const joined = (lead: string, body: string) =>
  /(,|but) $/.test(lead) && !/^I\b|^I’/.test(body)
    ? lead + body.charAt(0).toLowerCase() + body.slice(1)
    : lead + body

function visitor(chance: () => number, pick: Pick): string {
  const roll = chance()
  if (roll < 0.14) return pick(visitorHandles)
  const first = pick(visitorFirstNames)
  const last = pick(visitorLastNames)
  return roll < 0.3 ? `${first} ${last[0]}.` : `${first} ${last}`
}

/** Most people answer in the first hours, a few days later. */
const delay = (roll: number) => Math.round(3 + 2 ** (roll * 11.5))
