import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { issueSetUpLink } from '../../src/department/department.ts'
import { expectForEverybody } from './audit.ts'
import { useChromium } from './chromium.ts'
import { fill, onScreen, press } from './forms.ts'
import { describeDepartment } from './sign-in.ts'
import { servedInstallation } from './site.ts'

describe('the first run', async () => {
  const chromium = useChromium()
  const here = await servedInstallation()
  const { baseUrl } = here
  const email = 'chief@millbrook.example'
  const password = 'four words are good here'

  test('says what is wrong with what was typed, keeps it, and ends with a passkey that signs in', async () => {
    const page = await chromium.someone()
    await addAuthenticator(page)
    // Before there is a department, nobody could answer what the public asks.
    await page.goto(`${baseUrl}/records-requests/new`)
    await onScreen(page, 'This page is being set up')
    await expectForEverybody(page)
    const link = `${baseUrl}/set-up/${await issueSetUpLink(here)}`
    await page.goto(link)
    await expectForEverybody(page)
    await page.locator('form').evaluate((form: HTMLFormElement) => {
      form.noValidate = true
    })
    await fill(page, { Town: 'Millbrook', 'Official website': 'police', Password: 'password' })
    await press(page, 'Set up')
    await page.locator('#website-problem').waitFor()
    await page.locator('#password-problem').waitFor()
    expect(await page.getByLabel('Town').inputValue()).toBe('Millbrook')

    await describeDepartment(page, link, email, password)
    await expectForEverybody(page)
    await press(page, 'Make a passkey on this device')
    await onScreen(page, 'Today')
    await expectForEverybody(page)

    await press(page, 'Sign out')
    await press(page, 'Sign in with a passkey')
    await onScreen(page, 'Today')

    // Whoever knows the password alone does not get in.
    const other = await chromium.someone()
    await other.goto(`${baseUrl}/sign-in`)
    await fill(other, { 'E-mail address': email, Password: password })
    await press(other, 'Sign in')
    await other.getByRole('alert').getByText('Sign in with your passkey').waitFor()
    await other.goto(`${baseUrl}/console`)
    await onScreen(other, 'Sign in')
  })
})

/** A device that keeps passkeys and always finds its user's finger. */
async function addAuthenticator(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
