import { setTimeout as pause } from 'node:timers/promises'
import { pollComments } from '../src/comments/poll.job.ts'
import { generator } from '../src/demo/chance.ts'
import { storm } from '../src/demo/storm.ts'
import type { Installation } from '../src/installation.ts'
import type { CommentChange, Platform } from '../src/platforms/contract.ts'
import { formerPage } from '../src/platforms/former/former.ts'
import { rareWord } from './seed.ts'

/** What one of the crowd writes. */
export interface Said {
  name: string
  text: string
  /** Answers what was written shortly before, in the same place. */
  answers: boolean
  elsewhere: boolean
  /** By somebody who has written before. */
  again: boolean
}

/** The same crowd each time: a quarter says what others say, a third writes on a platform, a fifth answers somebody. */
export function crowd(of: number): Said[] {
  const chance = generator(437)
  const heard = storm()
  return Array.from({ length: of }, (_, n) => {
    const { name, text } = heard[n % heard.length] as { name: string; text: string }
    return {
      name,
      text: chance() < 0.25 ? text : `${text} ${rareWord(n)}`,
      answers: chance() < 0.2,
      elsewhere: chance() < 0.3,
      again: chance() < 0.3,
    }
  })
}

/** As many visitors at once are served; more of them wait before the door. */
const mostAtOnce = 16

/**
 * Lets the crowd write, each at their moment within `seconds`, or as soon after it as the machine lets them. Answers with how long
 * each visitor waited for the answer.
 */
export async function letWrite(
  said: readonly Said[],
  seconds: number,
  { visitor, elsewhere }: { visitor(one: Said): Promise<void>; elsewhere(one: Said): void },
): Promise<number[]> {
  const waits: number[] = []
  const inside = new Set<Promise<void>>()
  const began = performance.now()
  for (const [n, one] of said.entries()) {
    const moment = began + (n * seconds * 1000) / said.length
    while (performance.now() < moment) await pause(Math.max(1, moment - performance.now()))
    if (one.elsewhere) elsewhere(one)
    else {
      while (inside.size >= mostAtOnce) await Promise.race(inside)
      const asked = performance.now()
      const served: Promise<void> = visitor(one).then(() => {
        waits.push(performance.now() - asked)
        inside.delete(served)
      })
      inside.add(served)
    }
  }
  await Promise.all(inside)
  return waits
}

/** A visitor's browser on a post of the department's own page. Answers with the ids of what was taken. */
export function visitorsOf(url: string, post: string) {
  const cookies: string[] = []
  const taken: string[] = []
  let addresses = 0
  return {
    taken,
    async write({ name, text, answers, again }: Said) {
      const n = addresses++
      const answer = await fetch(url + post, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          Origin: url,
          'X-Forwarded-For': `2001:db8:437:${(n >> 16).toString(16)}::${(n & 0xffff).toString(16)}`,
          Cookie: (again && cookies[n % cookies.length]) || '',
        },
        body: new URLSearchParams({ name, text, inReplyTo: (answers && taken.at(-1)) || '' }),
      })
      const id = /#comment-([0-9a-f-]{36})$/.exec(answer.headers.get('Location') ?? '')?.[1]
      if (!id) throw new Error(`A comment was not taken: ${answer.status} ${await answer.text()}`)
      await answer.arrayBuffer()
      taken.push(id)
      cookies.push(answer.headers.get('Set-Cookie')?.split(';')[0] ?? '')
    },
  }
}

/**
 * A platform where people answer a post. It stands for a kind that the server beside does not read, so that this process
 * alone polls it.
 */
export function elsewhere(post: () => string) {
  const said: CommentChange[] = []
  const published = (clientId: string) => ({ clientId, remoteId: clientId, url: '', ...raw(clientId) })
  const platform: Platform = {
    ...formerPage,
    capabilities: {
      ...formerPage.capabilities,
      postLength: { max: 3000, unit: 'characters' },
      comments: 'polled',
      clientChosenId: true,
    },
    async connect(connection) {
      const account = await formerPage.connect(connection)
      if (account.outcome !== 'done') return account
      return {
        outcome: 'done',
        value: {
          ...account.value,
          publish: async ({ clientId }) => ({ outcome: 'done', value: published(clientId) }),
          pollComments: async (_posts, known) => {
            const there = new Set(known.map(({ remoteId }) => remoteId))
            return { outcome: 'done', value: said.filter(({ remoteId }) => !there.has(remoteId)) }
          },
        },
      }
    },
  }
  return {
    platform,
    said,
    write({ name, text, answers }: Said) {
      const remoteId = `storm:${said.length}`
      said.push({
        change: 'new',
        remoteId,
        version: '1',
        text,
        on: post(),
        author: { remoteId: `storm:${name}`, handle: name, displayName: name },
        ...(answers && said.length > 0 ? { inReplyTo: `storm:${said.length - 1}` } : {}),
        postedAt: new Date(),
        ...raw(remoteId),
      })
    },
    /** Reads the platform every so often, as the job does, until it is stopped, and then once more. */
    poll(installation: Installation, everySeconds: number) {
      let going = true
      const polling = (async () => {
        while (going) {
          await pollComments(installation)
          for (let ms = 0; going && ms < everySeconds * 1000; ms += 100) await pause(100)
        }
        await pollComments(installation)
      })()
      return async () => {
        going = false
        await polling
      }
    },
  }
}

const raw = (what: string) => ({
  raw: { mediaType: 'application/json', content: new TextEncoder().encode(JSON.stringify(what)) },
})
