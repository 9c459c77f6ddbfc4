import { createHmac } from 'node:crypto'
import type { Page } from 'playwright-core'
import { fill, onScreen, press, textOf } from './forms.ts'

/** What somebody needs to come in again. */
export interface Account {
  email: string
  password: string
  /** The key of the code app, as it was shown. */
  secret: string
}

/** Goes through the first run with a code app as second step; ends in the console. */
export async function setUp(page: Page, link: string, email: string, password: string): Promise<Account> {
  await describeDepartment(page, link, email, password)
  return { email, password, secret: await addCodeApp(page, password) }
}

/** The first run up to the choice of a second step. */
export async function describeDepartment(page: Page, link: string, email: string, password: string) {
  await page.goto(link)
  await fill(page, {
    Name: 'Millbrook Police Department',
    Town: 'Millbrook',
    'Time zone': 'America/New_York',
    'Official website': 'https://police.millbrook.example',
    'Telephone, not for emergencies': '508-555-0100',
    'Your name': 'Elena Rivera',
    'Rank or title': 'Chief',
    'Your e-mail address': email,
    Password: password,
  })
  await press(page, 'Set up')
  await onScreen(page, 'A second step for signing in')
}

/** Joins by an invitation's link, with a code app; ends in the console. */
export async function join(page: Page, link: string, email: string, password: string): Promise<Account> {
  await page.goto(link)
  await fill(page, { Password: password })
  await press(page, 'Join')
  return { email, password, secret: await addCodeApp(page, password) }
}

async function addCodeApp(page: Page, password: string): Promise<string> {
  await fill(page, { 'Your password, once more': password })
  await press(page, 'Show the code to scan')
  const secret = await textOf(page.locator('form code').first())
  await fill(page, { 'The six digits it shows now': codeOf(secret) })
  await press(page, 'Finish')
  await onScreen(page, 'Today')
  return secret
}

/** Signs in with password and code; ends on Today. */
export async function signIn(page: Page, url: string, { email, password, secret }: Account) {
  await page.goto(`${url}/sign-in`)
  await fill(page, { 'E-mail address': email, Password: password })
  await press(page, 'Sign in')
  await fill(page, { Code: codeOf(secret) })
  await press(page, 'Continue')
  await onScreen(page, 'Today')
}

/** What a code app shows now for this key (RFC 6238: SHA-1, six digits, 30 seconds). */
export function codeOf(secret: string, at = Date.now()): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 1_000_000).padStart(6, '0')
}

function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
