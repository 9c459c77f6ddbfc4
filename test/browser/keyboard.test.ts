import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { useChromium } from './chromium.ts'
import { onScreen } from './forms.ts'
import { servedInstallation } from './site.ts'
import { signInAs } from './town-people.ts'

describe('with the keyboard alone', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl } = town

  beforeAll(() => fillTown(town, { posts: 3, comments: 40 }))

  test('a moderator skips the menu and works through the queue', async () => {
    const page = await chromium.someone()
    await signInAs(page, baseUrl, 'clerk')
    await onScreen(page, 'Today')
    await page.goto(`${baseUrl}/console/comments`)
    await page.locator('section[data-keys="on"]').waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toMatchObject({ words: 'Skip to main content', visible: true })
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')

    await page.keyboard.press('j')
    await page.locator('[data-card]:focus').waitFor()
    expect(await focused(page)).toMatchObject({ visible: true })
    await page.keyboard.press('k')
    await page.getByText('You kept').waitFor()
    await page.keyboard.press('u')
    await page.getByText('You took your decision back').waitFor()
    await page.keyboard.press('j')
    await page.locator('[data-card]:focus').waitFor()
    await page.keyboard.press('h')
    expect(await focused(page)).toMatchObject({
      words: expect.stringMatching(/^1\. Obscenity/),
      visible: true,
    })
    await page.keyboard.press('1')
    await page.getByText(/You hid|You asked a second person/).waitFor()
  })

  test('an author writes a post and submits it', async () => {
    const page = await chromium.someone()
    await signInAs(page, baseUrl, 'pio')
    await onScreen(page, 'Today')
    await page.goto(`${baseUrl}/console/posts`)
    await tabTo(page, 'Write a post')
    await page.keyboard.press('Enter')
    await onScreen(page, 'Write a post')
    await tabTo(page, 'Text')
    await page.keyboard.type('Hollow Pond is closed to swimming.')
    await tabTo(page, 'Wexford Falls Police Department')
    await page.keyboard.press('Space')
    await page.getByRole('article', { name: 'Preview for Wexford Falls Police Department' }).waitFor()
    await tabTo(page, 'Submit for approval')
    await page.keyboard.press('Enter')
    await page.getByText('Waits for approval').first().waitFor()
  })
})

/** Presses Tab until the element of this name has the focus; each one on the way has to show it. */
async function tabTo(page: Page, name: string) {
  for (let pressed = 0; pressed < 60; pressed++) {
    await page.keyboard.press('Tab')
    const { words, visible } = await focused(page)
    expect(visible, `the focus is seen on “${words}”`).toBe(true)
    if (words.startsWith(name)) return
  }
  throw new Error(`Tab does not reach “${name}”.`)
}

/** What has the focus, by its label or words, and whether one can see that it does. */
const focused = (page: Page) =>
  page.evaluate(() => {
    const one = document.activeElement as HTMLElement
    const label = (one as HTMLInputElement).labels?.[0]
    // The design system draws its boxes on the label, beside an input that is out of sight.
    const outlines = [one, ...(label ? [label] : [])].flatMap((each) => [
      getComputedStyle(each),
      getComputedStyle(each, '::before'),
    ])
    return {
      words: (label?.textContent ?? one.getAttribute('aria-label') ?? one.textContent ?? '').trim(),
      visible: outlines.some(
        ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
      ),
    }
  })
