import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { demoPassword } from '../../src/demo/people.ts'
import { issueSetUpLink } from '../../src/department/department.ts'
import { scratchFolder } from '../endings.ts'
import { useChromium } from './chromium.ts'
import { dayFromToday } from './days.ts'
import { field, fill, follow, onScreen, press } from './forms.ts'
import { servedInstallation } from './site.ts'
import { emailOf, signInAs } from './town-people.ts'

describe('what goes wrong says why and what to do', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl, db } = town
  const day = 86_400_000

  test('a set-up link older than a day is not valid any more', async () => {
    const token = await issueSetUpLink({ ...town, now: () => new Date(Date.now() - 2 * day) })
    const page = await chromium.someone()
    await page.goto(`${baseUrl}/set-up/${token}`)
    await onScreen(page, 'This link is not valid')
  })

  describe('in a department at work', () => {
    let pio: Page

    beforeAll(async () => {
      await fillTown(town, { posts: 3, comments: 20 })
      pio = await chromium.someone()
      await signInAs(pio, baseUrl, 'pio')
      await onScreen(pio, 'Today')
    })

    test('after five wrong passwords the right one waits as well, until somebody unlocks it', async () => {
      const page = await chromium.someone()
      for (let tried = 0; tried < 5; tried++) {
        await signInAs(page, baseUrl, 'dispatcher', 'not the password')
        await page.getByRole('alert').getByText('E-mail address or password is not right.').waitFor()
        expect(await field(page, 'E-mail address').inputValue()).toMatch(/^theo\.marchetti@/)
      }
      await signInAs(page, baseUrl, 'dispatcher')
      await page
        .getByRole('alert')
        .getByText(/^Too many attempts failed\. Wait 15 minutes/)
        .waitFor()

      const systems = await chromium.someone()
      await signInAs(systems, baseUrl, 'systems')
      await onScreen(systems, 'Today')
      await systems.goto(`${baseUrl}/console/people`)
      await follow(systems, 'Theo Marchetti')
      await press(systems, 'Unlock after failed attempts')
      await systems.getByRole('link', { name: 'Sign-in unlocked' }).waitFor()
      await signInAs(page, baseUrl, 'dispatcher')
      await onScreen(page, 'Today')
    })

    test('a session that ended in the meantime leads to sign-in, and back to where one was', async () => {
      const page = await chromium.someone()
      await signInAs(page, baseUrl, 'records')
      await onScreen(page, 'Today')
      await db
        .updateTable('sign_in_session' as never)
        .set({ expires_at: new Date(Date.now() - 1000) } as never)
        .execute()
      await follow(page, 'Archive')
      await onScreen(page, 'Sign in')
      await fill(page, { 'E-mail address': emailOf('records'), Password: demoPassword })
      await press(page, 'Sign in')
      await onScreen(page, 'Archive')
    })

    test('whoever may not see a screen reads why, and whom to ask', async () => {
      const page = await chromium.someone()
      await signInAs(page, baseUrl, 'systems')
      await onScreen(page, 'Today')
      await page.goto(`${baseUrl}/console/comments`)
      await onScreen(page, 'The policy does not allow this')
      await page.getByText('Ask a moderator to look at this comment.').waitFor()
      await follow(page, 'Go to Today')
      await onScreen(page, 'Today')
      await page.goto(`${baseUrl}/console/posts/00000000-0000-7000-8000-000000000000`)
      await page.getByText('This post does not exist.').waitFor()
    })

    test('whoever ends somebody’s work is asked once more, and ends their open session with it', async () => {
      const leaver = await chromium.someone()
      await signInAs(leaver, baseUrl, 'community')
      await onScreen(leaver, 'Today')
      const chief = await chromium.someone()
      await signInAs(chief, baseUrl, 'chief')
      await onScreen(chief, 'Today')
      await chief.goto(`${baseUrl}/console/people`)
      await follow(chief, 'Hannah Brandt')
      await chief.locator('summary', { hasText: 'End work here…' }).click()
      await chief.getByText('Hannah Brandt is signed out at once').waitFor()
      await press(chief, 'End it now')
      await onScreen(chief, 'People')
      await follow(leaver, 'Posts')
      await onScreen(leaver, 'Sign in')
      await signInAs(leaver, baseUrl, 'community')
      await leaver.getByRole('alert').getByText('E-mail address or password is not right.').waitFor()
    })

    test('signing out in one tab ends the other', async () => {
      const page = await chromium.someone()
      await signInAs(page, baseUrl, 'records')
      await onScreen(page, 'Today')
      const other = await page.context().newPage()
      await other.goto(`${baseUrl}/console`)
      await press(other, 'Sign out')
      await onScreen(other, 'Sign in')
      await follow(page, 'Archive')
      await onScreen(page, 'Sign in')
      expect(page.url()).toContain(encodeURIComponent('/console/archive'))
    })

    test('a file that is no image, and one that is too large, are refused beside the field', async () => {
      await signInAs(pio, baseUrl, 'pio')
      await onScreen(pio, 'Today')
      await pio.goto(`${baseUrl}/console/posts`)
      await press(pio, 'Write a post')
      await fill(pio, { Text: 'Hollow Pond is closed to swimming.' })
      await upload('notes.jpg', Buffer.from('These are notes, not a picture.'))
      await pio.locator('#image-problem').waitFor()
      await upload('huge.jpg', randomBytes(27_000_000))
      await pio.locator('#image-problem', { hasText: '25 MB' }).waitFor()
      expect(await field(pio, 'Text').inputValue()).toBe('Hollow Pond is closed to swimming.')
    })

    test.each([
      ['in the future', () => dayFromToday(2), /can't have arrived after today/],
      ['long ago', () => '1926-11-02', /more than a year ago/],
    ])(
      'a request that is said to have arrived %s is refused beside its date',
      async (_when, arrivedOn, because) => {
        const page = await chromium.someone()
        await signInAs(page, baseUrl, 'records')
        await onScreen(page, 'Today')
        await page.goto(`${baseUrl}/console/requests/new`)
        await fill(page, {
          'What is asked for': 'All posts about Hollow Pond.',
          'How it came': 'letter',
          'Day it reached the department': arrivedOn(),
        })
        await press(page, 'Enter the request')
        await page.locator('#arrivedOn-problem', { hasText: because }).waitFor()
        expect(await field(page, 'What is asked for').inputValue()).toBe('All posts about Hollow Pond.')
        expect(await field(page, 'How it came').inputValue()).toBe('letter')
      },
    )

    test('of two reviewers at once, the second is told who was first', async () => {
      const { post } = await db
        .selectFrom('post_state')
        .select('post')
        .where('state', '=', 'submitted')
        .executeTakeFirstOrThrow()
      const [chief, lieutenant] = [await chromium.someone(), await chromium.someone()]
      for (const [page, who] of [
        [chief, 'chief'],
        [lieutenant, 'lieutenant'],
      ] as const) {
        await signInAs(page, baseUrl, who)
        await onScreen(page, 'Today')
        await page.goto(`${baseUrl}/console/posts/${post}/approval`)
      }
      await press(lieutenant, 'Approve')
      await lieutenant.getByText('Approved', { exact: true }).waitFor()
      await press(chief, 'Approve')
      await chief
        .getByRole('alert')
        .getByText(/Kwame Osei/)
        .waitFor()
    })

    async function upload(name: string, content: Buffer) {
      const file = path.join(await scratchFolder(), name)
      await writeFile(file, content)
      await field(pio, 'Add an image').setInputFiles(file)
      await press(pio, 'Add the image')
    }
  })
})
