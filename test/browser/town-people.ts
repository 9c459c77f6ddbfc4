import type { Page } from 'playwright-core'
import { demoPassword, type PersonKey, people } from '../../src/demo/people.ts'
import { fill, press } from './forms.ts'

/** Signs one of the demonstration's people in, on a town that asks for no second step. */
export async function signInAs(page: Page, baseUrl: string, who: PersonKey, password = demoPassword) {
  await page.goto(`${baseUrl}/sign-in`)
  await fill(page, { 'E-mail address': emailOf(who), Password: password })
  await press(page, 'Sign in')
}

export const emailOf = (who: PersonKey): string => people.find(({ key }) => key === who)?.email ?? ''
