import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { keepComment } from '../src/comments/moderation.ts'
import { drawLastMonth } from '../src/comments/second-look.ts'
import type { Person } from '../src/department/department.ts'
import type { CommentId } from '../src/storage/ids.ts'
import { served } from './browser/site.ts'
import { nameDepartment } from './department.ts'
import { visitorOf, wordsOf } from './http.ts'
import { square } from './square.ts'
import { done } from './town.ts'

/** Where a removal is appealed with its code; `new` is the form for those who have none. */
const codeAddress = /href="(?:http:\/\/[^/"]+)?(\/comment-appeals\/(?!new)[^"]+)"/
const password = 'correct horse battery'
let here: Awaited<ReturnType<typeof square>> & { baseUrl: string }
let publicPost: string

beforeAll(async () => {
  const town = await square()
  await nameDepartment(town.db)
  const { baseUrl } = await served(town.installation, { secondFactor: false })
  here = { ...town, baseUrl }
  publicPost = `/town-news/posts/${town.storm.publication.client_id}`
})

async function signedIn(person: Person) {
  const { db, installation } = here
  await db.transaction().execute((tx) => installation.auth.setPassword(tx, person.id, password))
  const browser = visitorOf(here.baseUrl)
  expect((await browser.post('/sign-in', { email: person.email, password })).status).toBe(302)
  return browser
}
const newest = async (): Promise<CommentId> =>
  (await here.db.selectFrom('comment').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()).id

/** What the public reads comes from a shared answer, which is right within a second. */
const publicly = (reader: ReturnType<typeof visitorOf>) =>
  expect.poll(() => reader.text(publicPost), { timeout: 10_000 })

describe('over HTTP, with every rule in the way', () => {
  test('a removal is told to its author alone, appealed by code, reversed by somebody else, and in the report', async () => {
    const [writer, reader] = [visitorOf(here.baseUrl), visitorOf(here.baseUrl)]
    const words = 'My damn snowman melted.'
    const written = await writer.post(publicPost, { name: 'Pat', text: words })
    expect(written.status).toBe(302)
    const id = await newest()
    await publicly(reader).toContain(words)

    const avery = await signedIn(here.avery)
    const hiding = { revision: '1', reason: 'obscenity', note: '' }
    expect((await avery.post(`/console/comments/${id}/removal`, hiding)).status).toBe(302)
    await publicly(reader).toMatch(/A comment was removed here\. Reason: obscenity/i)
    const others = await (await reader.get(publicPost)).text()
    expect(others).not.toContain(words)
    expect(others).not.toMatch(codeAddress)
    const own = await (await writer.get(publicPost)).text()
    const at = codeAddress.exec(own)?.[1] ?? ''
    expect(await writer.text(at)).toContain(words)

    // By the code alone: another browser, no cookie.
    const elsewhere = visitorOf(here.baseUrl)
    expect((await elsewhere.post(at, { text: 'It is a mild word about a snowman.' })).status).toBe(302)
    const { id: appeal } = await here.db.selectFrom('comment_appeal').select('id').executeTakeFirstOrThrow()

    const decision = { outcome: 'reversed', reasons: 'A mild word, and no obscenity.' }
    const refused = await avery.post(`/console/appeals/${appeal}/decision`, decision)
    expect(refused.status).toBe(403)
    expect(wordsOf(await refused.text())).toMatch(/no part in the decision/)
    expect(await reader.text(publicPost)).not.toContain(words)

    const quinn = await signedIn(here.quinn)
    expect((await quinn.post(`/console/appeals/${appeal}/decision`, decision)).status).toBe(302)
    await publicly(reader).toContain(words)
    expect(await elsewhere.text(at)).toMatch(/You were right: the comment is shown again.*A mild word/)
    await expect
      .poll(() => reader.text('/removals'), { timeout: 10_000 })
      .toMatch(/Removed Shown again \S+ \d+ 1 0 0 1 1 Appeals/)

    const chief = await signedIn(here.chief)
    expect((await quinn.get('/console/consistency')).status).toBe(403)
    expect(await chief.text('/console/consistency')).toContain('Avery Stone')
    const table = await (await chief.get('/console/consistency.csv')).text()
    expect(table).toContain('appeals,reversed,count,1\r\nappeals,reversed,out of,1\r\n')
    expect(table).toContain('moderator,Avery Stone,hidden and shown again,1\r\n')
    expect(await here.kindsOf(id)).toEqual([
      'comment.capture',
      'comment.removal',
      'comment.appeal',
      'comment.appeal-decision',
      'comment.restoration',
    ])
  })

  test('a threat that is passed on opens for the supervisor, with its records, and for nobody else', async () => {
    const sergeant = await signedIn(await here.person('Ida Holm', 'Sgt.', ['supervisor']))
    const detective = await signedIn(await here.person('Noa Levin', 'Det.', ['investigator']))
    const avery = await signedIn(here.avery)
    const question = await here.commented('Is the shelter warm?')
    const id = await here.commented('I will set it on fire.', { inReplyTo: question })
    await avery.post(`/console/comments/${id}/escalation`, { revision: '1', kind: 'threat', note: 'Look!' })
    const { id: escalation } = await here.db
      .selectFrom('comment_escalation')
      .select('id')
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    const place = `/console/escalations/${escalation}`
    const page = await (await sergeant.get(place)).text()
    expect(wordsOf(page)).toMatch(/Is the shelter warm\?.*I will set it on fire\./)
    const records = [...page.matchAll(/href="(\/console\/archive\/[^"]+)"/g)].map(([, at = '']) => at)
    expect(records).toHaveLength(2)
    for (const at of records) expect(await sergeant.text(at)).toContain('I will set it on fire.')
    expect((await detective.get(place)).status).toBe(403)
    expect(await detective.text(records[0] ?? '')).toMatch(/and no others/)
    expect((await sergeant.get(`/console/comments/${id}`)).status).toBe(403)
  })

  test('a second look shows the pictures, to those who had no part in the decision', async () => {
    const { installation, db, setClock } = here
    const content = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'blue' } })
      .png()
      .toBuffer()
    const { id } = await here.commentedThere('sign', '', {
      pictures: [{ content, mediaType: 'image/png', alt: 'A hand-painted sign' }],
    })
    done(await keepComment(installation, here.avery, id, { revision: 1 }))
    setClock(new Date(Date.now() + 32 * 86_400_000))
    await drawLastMonth(installation)
    setClock(null)
    const { decision } = await db
      .selectFrom('second_look')
      .innerJoin('comment_decision', 'comment_decision.id', 'second_look.decision')
      .select('second_look.decision')
      .where('comment', '=', id)
      .executeTakeFirstOrThrow()
    const [avery, quinn] = [await signedIn(here.avery), await signedIn(here.quinn)]
    const place = `/console/second-looks/${decision}`
    expect(await quinn.text(place)).toMatch(/Show picture.*A hand-painted sign/)
    const picture = await quinn.get(`${place}/pictures/0`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/webp'])
    expect((await avery.get(`${place}/pictures/0`)).status).toBe(404)
    // Who had a part in it, or comes late, is led back to the second looks.
    const late = await avery.get(place)
    expect(late.status).toBe(404)
    expect(await late.text()).toMatch(/does not wait for you.*href="\/console\/second-looks"/s)
  })
})
