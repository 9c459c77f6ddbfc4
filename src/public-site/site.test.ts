import { createHash } from 'node:crypto'
import { RouterContextProvider } from 'react-router'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { nameDepartment } from '../../test/department.ts'
import { square } from '../../test/square.ts'
import { done } from '../../test/town.ts'
import { decideAppeal, fileAppeal } from '../comments/appeal.ts'
import { submitComment } from '../comments/capture.ts'
import { hideComment } from '../comments/comments.ts'
import { proposeHold, releaseHeld } from '../comments/hold.ts'
import { declareIncident, endIncident, slowNewAuthors } from '../comments/incident.ts'
import { reopenComment } from '../comments/moderation.ts'
import { openCode } from '../comments/notice.ts'
import { addressContext, installationContext } from '../web/context.ts'
import { loader as oneComment } from './screens/comment.tsx'
import { loader as editForm } from './screens/comment-edit.tsx'
import { action as reportAction, loader as reportForm } from './screens/comment-report.tsx'
import { loader as feed } from './screens/feed.ts'
import { loader as home } from './screens/home.tsx'
import { loader as image } from './screens/image.ts'
import { loader as page } from './screens/page.tsx'
import { action as comment, loader as post } from './screens/post.tsx'
import { loader as removals } from './screens/removals.tsx'
import { loader as removalsCsv } from './screens/removals-csv.ts'
import { visitorCookie } from './visitor.ts'

let here: Awaited<ReturnType<typeof square>>
let visitors = 0
beforeAll(async () => {
  here = await square()
})

/** The arguments of a loader or action, as the router gives them; `any` stands for the route's own types. */
// biome-ignore lint/suspicious/noExplicitAny: each route has a type of its own for these
function asked(path: string, params: object = {}, init: RequestInit = {}): any {
  const context = new RouterContextProvider()
  context.set(installationContext, here.installation as never)
  context.set(addressContext, `192.0.2.${visitors++}`)
  return { request: new Request(`http://localhost:4370${path}`, init), params, context }
}
const form = (fields: Record<string, string>, cookie?: string): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
  ...(cookie ? { headers: { Cookie: cookie } } : {}),
})
const storm = () => ({ slug: 'town-news', id: here.storm.publication.client_id })
const at = (id: string) => `/town-news/posts/${id}`

describe('the public site', () => {
  test('says that it is being set up, until it is; then opens with the first own page', async () => {
    expect(await home(asked('/'))).toEqual({ state: 'not-set-up' })
    await nameDepartment(here.db)
    expect(await home(asked('/'))).toMatchObject({
      state: 'page',
      content: {
        page: {
          slug: 'town-news',
          title: 'Town news',
          introduction: expect.stringMatching(/Comments are monitored/),
        },
        posts: [{ text: expect.stringMatching(/^The storm shelter is open\./) }],
      },
    })
  })

  test('has no page that was never approved, and no post that is not on it', async () => {
    await expect(page(asked('/nothing', { slug: 'nothing' }))).rejects.toMatchObject({
      init: { status: 404 },
    })
    const elsewhere = here.remoteStorm.publication.client_id
    await expect(post(asked(at(elsewhere), { slug: 'town-news', id: elsewhere }))).rejects.toMatchObject({
      init: { status: 404 },
    })
  })

  test('says that comments are held and authors slowed, before one writes and after, and shows them at the end', async () => {
    const { installation, chief, own } = here
    const wish = { reason: 'Threats against an officer.', pages: [own], hours: 2 }
    const incident = done(await declareIncident(installation, chief, wish))
    const why = { page: own, reason: 'violence', hours: 1, narrower: 'Nobody can read as fast.' }
    done(await proposeHold(installation, chief, incident, why))
    done(await slowNewAuthors(installation, chief, incident, 10))
    const measures = {
      hold: { since: expect.any(Date), until: expect.any(Date), because: expect.stringMatching(/violence/) },
      slowing: { minutes: 10, until: expect.any(Date) },
    }
    expect(await page(asked('/town-news', { slug: 'town-news' }))).toMatchObject({ measures })
    expect(await post(asked(at(storm().id), storm()))).toMatchObject({ measures, justHeld: false })

    const fields = { name: 'Ana Lima', text: 'Held with all others', website: '' }
    const sent = await comment(asked(at(storm().id), storm(), form(fields))).catch((response) => response)
    const to = new URL((sent as Response).headers.get('Location') ?? '', 'http://localhost:4370')
    const cookie = (sent as Response).headers.get('Set-Cookie')?.split(';')[0] ?? ''
    const seen = async (init: RequestInit = {}) => {
      const read = await post(asked(`${to.pathname}${to.search}`, storm(), init))
      const remarks = read.conversation.threads.map(({ first }) => first)
      return { ...read, held: remarks.find(({ text }) => text === fields.text) }
    }
    expect(await seen()).toMatchObject({ justHeld: true, held: undefined })
    expect(await seen({ headers: { Cookie: cookie } })).toMatchObject({
      held: { standing: 'held', mine: true },
    })

    done(await endIncident(installation, chief, incident))
    await releaseHeld(installation)
    expect(await seen()).toMatchObject({
      measures: { hold: null, slowing: null },
      justHeld: false,
      held: { standing: 'shown', mine: false },
    })
  })

  test('takes a comment by a plain form and gives its author the way to change it', async () => {
    const answer = await comment(
      asked(at(storm().id), storm(), form({ name: 'Ana Lima', text: 'Thank you!', website: '' })),
    ).catch((response: Response) => response)
    expect(answer).toBeInstanceOf(Response)
    const response = answer as Response
    expect(response.status).toBe(302)
    expect(response.headers.get('Location')).toMatch(/#comment-/)
    const cookie = response.headers.get('Set-Cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/)
    const own = await post(
      asked(at(storm().id), storm(), { headers: { Cookie: cookie.split(';')[0] ?? '' } }),
    )
    expect(own.conversation.threads[0]?.first).toMatchObject({
      authorName: 'Ana Lima',
      text: 'Thank you!',
      mine: true,
    })
    expect(own.notice).toMatch(/public record/)
    const others = await post(asked(at(storm().id), storm()))
    expect(others.conversation.threads[0]?.first.mine).toBe(false)
  })

  test('answers a form that lacks something with a sentence, and loses nothing that was typed', async () => {
    const answer = await comment(
      asked(at(storm().id), storm(), form({ name: '', text: 'Hello', email: 'x' })),
    )
    expect(answer).toMatchObject({
      init: { status: 422 },
      data: {
        problems: { name: expect.any(String), email: expect.any(String) },
        typed: { text: 'Hello', email: 'x' },
      },
    })
  })

  test('answers a program that fills in the hidden field as if all went well', async () => {
    const before = (await post(asked(at(storm().id), storm()))).conversation.threads.length
    const answer = await comment(
      asked(at(storm().id), storm(), form({ name: 'Bot', text: 'Buy', website: 'x' })),
    ).catch((response: Response) => response)
    expect((answer as Response).status).toBe(302)
    expect((await post(asked(at(storm().id), storm()))).conversation.threads).toHaveLength(before)
  })

  test('counts removals, appeals and what was shown again by month, reason and page, and names nobody', async () => {
    const { installation, avery, quinn } = here
    const id = await here.commented('Buy cheap phones at phones.example', { name: 'Seller' })
    await hideComment(installation, avery, id, { revision: 1, reason: 'off-topic' })
    const notice = await here.db
      .selectFrom('comment_notice')
      .select('code_sealed')
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    const code = openCode(installation, notice.code_sealed ?? '')
    done(await fileAppeal(installation, { code, text: 'My phones are for storms.' }, '192.0.2.77'))
    const taken = await here.commented('Buy more phones at phones.example', { name: 'Seller' })
    await hideComment(installation, avery, taken, { revision: 1, reason: 'off-topic' })
    await reopenComment(installation, avery, taken, { revision: 2 })
    const appeal = await here.db.selectFrom('comment_appeal').select('id').executeTakeFirstOrThrow()
    await decideAppeal(installation, quinn, appeal.id, {
      outcome: 'reversed',
      reasons: 'It is about the storm.',
    })
    const log = await removals(asked('/removals'))
    const counted = { removed: 2, restored: 2, appealed: 1, reversed: 1 }
    expect(log.months[0]).toMatchObject({ ...counted, upheld: 0, blocked: 0, byReason: { 'off-topic': 2 } })
    expect(log.pages).toEqual([{ id: 'Town news', ...counted }])
    const table = await (await removalsCsv(asked('/removals.csv'))).text()
    expect(table).toMatch(/^month,event,page,reason,clause,count,from,to\r\n/)
    expect(table).toMatch(/,removed,Town news,Off topic,IV\.\S+,2,,\r\n/i)
    expect(table).toMatch(/,appeal reversed,Town news,/)
    expect(JSON.stringify(log) + table).not.toMatch(/Seller|Avery|Quinn/)
  })

  test('has an address for each comment, also for a removed one, and leads an answer’s author there', async () => {
    const first = await here.commented('Is the gym open too?')
    const sent = form({ name: 'Lee', text: 'It is.', inReplyTo: first, website: '' })
    const answer = await comment(asked(at(storm().id), storm(), sent)).catch((response: Response) => response)
    const place = (answer as Response).headers.get('Location') ?? ''
    const [, id = ''] = /\/comments\/([0-9a-f-]{36})#comment-\1$/.exec(place) ?? []
    expect(await oneComment(asked(place, { ...storm(), comment: id }))).toMatchObject({
      remark: { text: 'It is.' },
      above: [{ id: first }],
    })
    done(await hideComment(here.installation, here.avery, first, { revision: 1, reason: 'obscenity' }))
    expect(await oneComment(asked(place, { ...storm(), comment: first }))).toMatchObject({
      remark: { standing: 'removed', removal: { clause: 'IV.A.2.iv.1' } },
      answers: [{ text: 'It is.' }],
    })
    await expect(
      oneComment(asked(place, { ...storm(), comment: here.remoteStorm.publication.id })),
    ).rejects.toMatchObject({ init: { status: 404 } })
  })

  test('says how long a comment can still be changed, and when that is over', async () => {
    const posted = new Date('2026-09-01T18:00:00Z')
    here.setClock(posted)
    const { comment: id, token } = done(
      await submitComment(here.installation, here.submission('Parking is free tonight.')),
    )
    const mine = { headers: { Cookie: await visitorCookie(here.installation, token) } }
    const edit = () =>
      editForm(asked(`${at(storm().id)}/comments/${id}/edit`, { ...storm(), comment: id }, mine))
    here.setClock(new Date('2026-09-01T18:03:30Z'))
    expect(await edit()).toMatchObject({
      editable: true,
      minutesLeft: 7,
      until: new Date('2026-09-01T18:10:00Z'),
    })
    here.setClock(new Date('2026-09-01T18:10:01Z'))
    expect(await edit()).toMatchObject({ editable: false, minutesLeft: 0 })
    here.setClock(null)
  })

  test('takes a report by a plain form, says so to this browser only, and loses nothing that was typed', async () => {
    const id = await here.commented('Report me')
    const where = { ...storm(), comment: id }
    const path = `${at(storm().id)}/comments/${id}/report`
    expect(await reportForm(asked(path, where))).toMatchObject({
      sent: false,
      notice: expect.stringMatching(/public record/),
      reasons: expect.arrayContaining([expect.objectContaining({ title: 'Something else' })]),
    })
    expect(await reportAction(asked(path, where, form({ explanation: 'Look!' })))).toMatchObject({
      init: { status: 422 },
      data: { problems: { reason: expect.any(String) }, typed: { explanation: 'Look!' } },
    })
    const answer = await reportAction(
      asked(path, where, form({ reason: 'other', explanation: 'Look!' })),
    ).catch((response: Response) => response)
    expect((answer as Response).headers.get('Location')).toBe(path)
    const cookie = (answer as Response).headers.get('Set-Cookie')?.split(';')[0] ?? ''
    expect(await reportForm(asked(path, where, { headers: { Cookie: cookie } }))).toMatchObject({
      sent: true,
    })
    expect(await reportForm(asked(path, where))).toMatchObject({ sent: false })
  })

  test('serves an image as long as a post shows it, and nothing else that is kept', async () => {
    const { installation, db } = here
    const content = await sharp({ create: { width: 4, height: 4, channels: 3, background: 'navy' } })
      .png()
      .toBuffer()
    const { sha256 } = await installation.blobs.put(content, 'image/png')
    const get = (init: RequestInit = {}) => image(asked(`/images/${sha256}`, { sha256 }, init))
    await expect(get()).rejects.toMatchObject({ init: { status: 404 } })
    const images = JSON.stringify([
      { blob: sha256, media_type: 'image/png', alt: 'Navy', width: 4, height: 4 },
    ])
    await db.updateTable('own_post').set({ images }).where('client_id', '=', storm().id).execute()
    const response = await get()
    expect(response.headers.get('Cache-Control')).toMatch(/immutable/)
    expect(response.headers.get('Content-Type')).toBe('image/png')
    expect(
      createHash('sha256')
        .update(Buffer.from(await response.arrayBuffer()))
        .digest('hex'),
    ).toBe(sha256)
    expect((await get({ headers: { 'If-None-Match': `"${sha256}"` } })).status).toBe(304)
    await expect(image(asked('/images/x', { sha256: '../../etc/passwd' }))).rejects.toMatchObject({
      init: { status: 404 },
    })
    await db
      .updateTable('own_post')
      .set({ deleted_at: new Date() })
      .where('client_id', '=', storm().id)
      .execute()
    await expect(get()).rejects.toMatchObject({ init: { status: 404 } })
    await db.updateTable('own_post').set({ deleted_at: null }).where('client_id', '=', storm().id).execute()
  })

  test('has a feed in which words never become markup', async () => {
    await here.db
      .updateTable('own_post')
      .set({ text: 'Tonight: <b>6 & 7</b> "late" \u0001' })
      .where('client_id', '=', storm().id)
      .execute()
    const response = await feed(asked('/town-news/feed', { slug: 'town-news' }))
    expect(response.headers.get('Content-Type')).toMatch(/^application\/atom\+xml/)
    const text = await response.text()
    expect(text).toContain('Tonight: &lt;b&gt;6 &amp; 7&lt;/b&gt; &quot;late&quot; </content>')
    expect(text).toMatch(/<updated>\d{4}-\d\d-\d\dT[\d:.]+Z<\/updated>/)
  })

  test('pages through its posts, newest first, without a gap', async () => {
    const { publish, own } = here
    for (let n = 0; n < 12; n++) await publish(`Notice number ${n}.`, [own])
    const first = await page(asked('/town-news', { slug: 'town-news' }))
    expect(first.posts).toHaveLength(10)
    const rest = await page(
      asked(`/town-news?before=${encodeURIComponent(first.next ?? '')}`, { slug: 'town-news' }),
    )
    const all = [...first.posts, ...rest.posts].map(({ clientId }) => clientId)
    expect(new Set(all).size).toBe(13)
    expect(rest.next).toBeNull()
  })
})
