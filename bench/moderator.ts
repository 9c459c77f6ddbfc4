import { setTimeout as pause } from 'node:timers/promises'
import { demoPassword } from '../src/demo/people.ts'
import { timed } from './row.ts'

/** What a moderator has open in turn: each order, each sort of filter, and what comes after the first part. */
const views = [
  '',
  '?order=harm',
  'next',
  '?order=newest',
  '?only=copies',
  '?suggested=threat&order=harm',
  '?words=video',
  'next',
  '?only=answered&order=harm',
  '?older=1',
  '?language=es',
  '?state=kept&order=newest',
  '?reason=off-topic&state=hidden',
]

export type Moderator = Awaited<ReturnType<typeof moderatorAt>>

/** A moderator's browser without its scripts: whole pages, as the server makes them. */
export async function moderatorAt(url: string, email: string) {
  const headers: Record<string, string> = { Origin: url }
  const answer = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams({ email, password: demoPassword }),
  })
  headers.Cookie = answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ')
  if (answer.status !== 302) throw new Error(`Nobody was signed in: ${answer.status} ${await answer.text()}`)

  const page = async (path: string) => {
    const shown = await fetch(url + path, { headers, redirect: 'manual' })
    const text = await shown.text()
    if (shown.status !== 200) throw new Error(`${path} was answered with ${shown.status}: ${text}`)
    return text
  }
  const decided = { keep: 0, hide: 0 }
  return {
    page,
    decided,
    /** How many wait, as the screen says. */
    async waiting(): Promise<number> {
      const text = await page('/console/comments')
      const count = /class="pv-queue-count"><strong>([\d,]+)</.exec(text)?.[1]
      if (!count) throw new Error('The queue says no number.')
      return Number(count.replaceAll(',', ''))
    },
    /** Opens the queue again and again, with a pause as for a glance, until `going` ends. Answers with the milliseconds each took. */
    async look(going: () => boolean, glance = 400): Promise<number[]> {
      const samples: number[] = []
      let next = '/console/comments'
      for (let n = 0; going(); n++) {
        const view = views[n % views.length] as string
        const path = view === 'next' ? next : `/console/comments${view}`
        let text = ''
        samples.push(
          await timed(async () => {
            text = await page(path)
          }),
        )
        next =
          /href="(\/console\/comments\?[^"]*after=[^"]*)"/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? next
        await pause(glance)
      }
      return samples
    },
    /** Keeps or hides one comment, by the request that a key sends; what a colleague or a copy was faster with counts for nothing. */
    async decide(comment: { id: string; revision: number }, what: 'keep' | 'hide') {
      const reply = await fetch(`${url}/console/comments/${comment.id}/decision`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({
          what: what === 'keep' ? 'keeping' : 'removal',
          reason: what === 'hide' ? 'off-topic' : '',
          revision: String(comment.revision),
        }),
      })
      const text = await reply.text()
      if (reply.status !== 200) throw new Error(`A decision was answered with ${reply.status}: ${text}`)
      const { done } = JSON.parse(text) as { done: { leaves: boolean } }
      if (done.leaves) decided[what] += 1
    },
  }
}
