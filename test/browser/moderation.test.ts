import { sql } from 'kysely'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { submitComment } from '../../src/comments/comments.ts'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { pourStorm } from '../../src/demo/storm.ts'
import { useChromium } from './chromium.ts'
import { onScreen, tick } from './forms.ts'
import { servedInstallation } from './site.ts'
import { signInAs } from './town-people.ts'

describe('after a storm', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl, db } = town

  beforeAll(async () => {
    await fillTown(town, { posts: 1, comments: 5 })
    await pourStorm(town)
  })

  const open: Page[] = []
  // A window that stays open goes on looking at its comment.
  afterEach(async () => {
    for (const page of open.splice(0)) await page.close()
  })

  async function queueOf(who: 'clerk' | 'dispatcher', address = ''): Promise<Page> {
    const page = await chromium.someone()
    await signInAs(page, baseUrl, who)
    await onScreen(page, 'Today')
    await page.goto(`${baseUrl}/console/comments${address}`)
    open.push(page)
    await ready(page)
    return page
  }
  const count = async (kind: string) =>
    (
      await db
        .selectFrom('record')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow()
    ).count
  const waitingLike = async (words: string) =>
    (
      await db
        .selectFrom('comment')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('decided_at', 'is', null)
        .where('text', 'ilike', `%${words}%`)
        .executeTakeFirstOrThrow()
    ).count
  const waiting = () => waitingLike('')

  test('a moderator clears the queue without a mouse, copies with one key, and log and count agree', async () => {
    const page = await queueOf('clerk')
    const before = await waiting()
    const kept = await count('comment.keeping')
    const word = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor()
    // Before a comment is chosen the key chooses one, and decides nothing.
    await page.keyboard.press('k')
    expect(await focused(page)).toBe(await page.locator('[data-card]').first().getAttribute('data-card'))
    expect(await count('comment.keeping')).toBe(kept)
    for (let n = 1; n <= 30; n++) {
      const id = await focused(page)
      await page.keyboard.press('k')
      // The focus goes on at once; the card leaves when the decision is on record.
      await page.waitForFunction((gone) => !document.querySelector(`[data-card="${gone}"]`), id)
      expect(await focused(page), `after ${n}`).not.toBe(id)
    }
    expect(await count('comment.keeping')).toBe(kept + 30)
    expect(await waiting()).toBe(before - 30)

    // One of them may have been among the thirty.
    const spam = await waitingLike('a day from home')
    await page.goto(`${baseUrl}/console/comments?words=${encodeURIComponent('a day from home')}`)
    await ready(page)
    expect(await page.locator('[data-card]').count()).toBe(1)
    await page.getByText(`and ${spam - 1} identical by`).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Shift+H')
    await page.keyboard.press('2')
    await word(new RegExp(`You hid ${spam} identical comments`))
    expect(await count('comment.removal')).toBe(spam)
    expect(await waiting()).toBe(before - 30 - spam)
    await page.getByText('No comment matches').waitFor()

    await page.keyboard.press('u')
    await word(new RegExp(`took your decision back about ${spam} identical`))
    expect(await waiting()).toBe(before - 30)
    await page.locator('[data-card]:focus').waitFor()
    await page.keyboard.press('Shift+H')
    await page.keyboard.press('2')
    await word(/You hid/)
    expect(await waiting()).toBe(before - 30 - spam)
    // The bar says what the database says, once it has asked.
    await page
      .getByText(`0 match; ${(before - 30 - spam).toLocaleString('en-US')} wait in all`, { exact: true })
      .waitFor()
  })

  test('criticism asks a second person, a threat goes to the supervisor, a doubt to a colleague, all by keys', async () => {
    const page = await queueOf('clerk', `?words=${encodeURIComponent('I have the gasoline')}`)
    const word = (text: RegExp) => page.getByRole('status').filter({ hasText: text }).waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('s')
    await word(/You told the shift supervisor of/)
    await page.keyboard.press('a')
    await page.keyboard.press('1')
    await word(/You asked your colleagues about/)
    await page.keyboard.press('u')
    await word(/took your question back/)
    await page.keyboard.press('h')
    await page.keyboard.press('3')
    await word(/You hid|You asked a second person/)

    const supervisor = await chromium.someone()
    await signInAs(supervisor, baseUrl, 'lieutenant')
    await onScreen(supervisor, 'Today')
    await supervisor.getByRole('link', { name: /^Threat: a comment of/ }).click()
    await supervisor.getByRole('link', { name: 'Take it up' }).click()
    await supervisor.getByRole('button', { name: 'Take it up' }).click()
    await supervisor.getByRole('link', { name: 'Close it' }).click()
    await supervisor.getByLabel('What was done').fill('A patrol went to the lot and spoke with him.')
    await supervisor.getByRole('button', { name: 'Close it' }).click()
    await supervisor.getByText('A patrol went to the lot and spoke with him.').waitFor()
  })

  test('every picture is blurred until a press of its own shows it, and blurred again by the same key', async () => {
    const sky = sharp({ create: { width: 8, height: 8, channels: 3, background: 'blue' } })
    const { sha256 } = await town.blobs.put(await sky.png().toBuffer(), 'image/png')
    const pictures = JSON.stringify([1, 2].map(() => ({ blob: sha256, mediaType: 'image/png', alt: '' })))
    await sql`update comment set pictures = ${pictures}::jsonb where id = (
      select id from comment where decided_at is null order by posted_at desc limit 1)`.execute(db)
    const page = await queueOf('clerk', '?only=pictures')
    const shown = () =>
      page
        .locator('[data-card] .pv-veil input')
        .evaluateAll((all) => all.map((one) => one.matches(':checked')))
    await page.keyboard.press('j')
    const seen = [await shown()]
    for (let n = 1; n <= 3; n++) {
      await page.keyboard.press('v')
      seen.push(await shown())
    }
    expect(seen).toEqual([
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ])
  })

  test('two moderators see what the other looks at; the first decision counts and the second is told', async () => {
    const [one, other] = [
      await queueOf('clerk', '?order=newest'),
      await queueOf('dispatcher', '?order=newest'),
    ]
    await one.keyboard.press('j')
    const first = await focused(one)
    await other.locator(`[data-card="${first}"]`).getByText('Joan Sullivan is looking at this').waitFor()
    // The next that is free is another one.
    await other.keyboard.press('j')
    const free = await focused(other)
    expect(free).not.toBe(first)
    await other.keyboard.press('p')
    expect(await focused(other)).toBe(free)

    // Both decide about one comment; the dispatcher's screen has not heard of it yet.
    await other.route('**/console/comments/attention', (route) => route.fulfill({ status: 204 }))
    await other.locator(`[data-card="${first}"]`).focus()
    await one.keyboard.press('k')
    await one.getByRole('status').filter({ hasText: 'You kept' }).waitFor()
    await other.keyboard.press('k')
    await other
      .locator(`[data-card="${first}"]`)
      .getByText(/Joan Sullivan kept this comment a moment ago/)
      .waitFor()
    const decisions = await db
      .selectFrom('comment_decision')
      .selectAll()
      .where('comment', '=', first as never)
      .execute()
    expect(decisions).toHaveLength(1)
  })

  test('what arrives is announced, moves nothing, and is taken in with a key', async () => {
    const page = await queueOf('clerk', '?order=newest')
    await page.keyboard.press('j')
    const before = await page.locator('[data-card]').first().getAttribute('data-card')
    const { page: own, publication } = await db
      .selectFrom('comment')
      .select(['page', 'publication'])
      .executeTakeFirstOrThrow()
    const sent = await submitComment(town, {
      page: own,
      publication,
      name: 'Ruth Okafor',
      text: 'Is anybody hurt?',
      honeypot: '',
      clientAddress: '192.0.2.77',
    })
    await page.getByRole('button', { name: /^1 new/ }).waitFor()
    expect(await page.locator('[data-card]').first().getAttribute('data-card')).toBe(before)
    await page.keyboard.press('n')
    await page.locator(`[data-card="${'done' in sent ? sent.done.comment : ''}"]`).waitFor()
    await page.getByRole('button', { name: /new/ }).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe(before)
  })

  test('however far one goes, few cards are in the document, and each comes once', async () => {
    const page = await queueOf('clerk', '?order=newest')
    const seen = new Set<string>()
    await page.keyboard.press('j')
    for (let n = 0; n < 120; n++) {
      const id = await focused(page)
      expect(seen.has(id), `card ${n}`).toBe(false)
      seen.add(id)
      await page.keyboard.press('j')
      await page.waitForFunction(
        (before) => document.activeElement?.getAttribute('data-card') !== before,
        id,
        { timeout: 10_000 },
      )
    }
    expect(await page.locator('[data-card]').count()).toBeLessThan(40)
  })

  test('without scripts the same buttons decide about a comment and its copies, and undo does', async () => {
    const page = await chromium.someone({ javaScriptEnabled: false })
    await signInAs(page, baseUrl, 'dispatcher')
    await page.goto(`${baseUrl}/console/comments?words=${encodeURIComponent('Back the badge')}`)
    const times = await waitingLike('Back the badge')
    const before = await waiting()
    await tick(page, `and ${times - 1} identical by ${times - 1} people`)
    await page.getByRole('button', { name: /^Keep/ }).click()
    await page.getByText('You kept').waitFor()
    expect(await waiting()).toBe(before - times)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('You took your decision back about').waitFor()
    expect(await waiting()).toBe(before)
    await page.goto(`${baseUrl}/console/comments`)
    await page.getByRole('link', { name: 'Go on' }).click()
    await page.getByRole('link', { name: 'To the beginning' }).waitFor()
  })
})

/** Until the queue's keys are listened to. */
const ready = (page: Page) => page.locator('section[data-keys="on"] [data-card]').first().waitFor()

/** The comment whose card has the focus. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      document.activeElement?.closest('[data-card]')?.getAttribute('data-card') ?? 'no card has the focus',
  )
