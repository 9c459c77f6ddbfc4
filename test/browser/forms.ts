import type { Locator, Page } from 'playwright-core'

/** The field that carries this label, required or not. */
export const field = (within: Page | Locator, label: string): Locator =>
  within.getByLabel(new RegExp(`^${literally(label)}( \\(required\\))?$`))

/** Ticks the box, or chooses the radio button, whose label begins so; its own input is drawn by the design system. */
export const tick = (within: Page | Locator, label: string) =>
  within
    .locator('label')
    .filter({ hasText: new RegExp(`^${literally(label)}`) })
    .click()

/** Fills fields by their labels, in the order given. */
export async function fill(within: Page | Locator, values: Record<string, string>) {
  for (const [label, value] of Object.entries(values)) {
    const one = field(within, label)
    if ((await one.evaluate((element) => element.tagName)) === 'SELECT') await one.selectOption(value)
    else await one.fill(value)
  }
}

export const press = (within: Page | Locator, button: string) =>
  within.getByRole('button', { name: button, exact: true }).click()

export const follow = (within: Page | Locator, link: string) =>
  within.getByRole('link', { name: link, exact: true }).click()

/** The words of an element, once it is there. */
export const textOf = async (one: Locator): Promise<string> => (await one.textContent())?.trim() ?? ''

/** Waits for the screen with this heading. */
export const onScreen = (page: Page, heading: string | RegExp) =>
  page.getByRole('heading', { level: 1, name: heading }).waitFor()

/** Waits until the screen says that the policy refused, and cites `clause`. */
export const expectRefusal = (page: Page, clause: string) =>
  page
    .getByRole('alert')
    .filter({ hasText: 'The policy does not allow this' })
    .getByRole('link', { name: clause, exact: true })
    .waitFor()

const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
