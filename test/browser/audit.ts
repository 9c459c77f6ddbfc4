import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const wcag22aa = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** What a screen's colors decide; all else is the same in the dark. */
const ofColors = ['color-contrast', 'link-in-text-block']

/** Whether the present screen is for everybody: WCAG 2.2 AA in light and dark, and nothing beside the edge at 360 pixels. */
export async function expectForEverybody(page: Page) {
  const where = new URL(page.url()).pathname
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    const axe = new AxeBuilder({ page }).setLegacyMode()
    const { violations } = await (colorScheme === 'light'
      ? axe.withTags(wcag22aa)
      : axe.withRules(ofColors)
    ).analyze()
    const grave = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, any }) => `${id}: ${html} ${any[0]?.message ?? ''}`))
    expect.soft(grave, `${where} in ${colorScheme}`).toEqual([])
  }
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize()
  await page.setViewportSize({ width: 360, height: 800 })
  const beyond = await page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    return [...document.body.querySelectorAll('*')]
      .filter((one) => one.getBoundingClientRect().right > clientWidth + 1)
      .map((one) => one.outerHTML.slice(0, 120))
  })
  expect.soft(beyond, `${where} at 360 pixels`).toEqual([])
  if (size) await page.setViewportSize(size)
}
