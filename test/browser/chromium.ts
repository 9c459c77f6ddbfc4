import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'

export interface Chromium {
  /** Somebody new at the browser: cookies of their own. What goes wrong in their console fails the test. */
  someone(options?: BrowserContextOptions): Promise<Page>
}

/** One Chromium for a test file, closed at its end. */
export function useChromium(): Chromium {
  let browser: Browser
  const troubles: string[] = []
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(existsSync(executable) ? { executablePath: executable } : {}),
      args: [
        // Containers and continuous integration run as root, where Chromium's own sandbox does not.
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPictures(browser)
    expect(troubles.splice(0), 'what the browser complained about').toEqual([])
  })
  afterAll(() => browser.close())
  return {
    async someone(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 900 },
        locale: 'en-US',
        ...options,
      })
      // Long, because a machine that tests may do much else; no test waits so long when all is well.
      context.setDefaultTimeout(30_000)
      const page = await context.newPage()
      page.on('pageerror', (error) => troubles.push(`${page.url()}: ${error.message}`))
      page.on('console', (message) => {
        // A refused form is answered with a 4xx, which Chromium reports as an error; a 5xx is one.
        const expected = /the server responded with a status of 4\d\d/.test(message.text())
        if (message.type() === 'error' && !expected) troubles.push(`${page.url()}: ${message.text()}`)
      })
      return page
    },
  }
}

/** What everybody saw when a test failed, for whoever looks into it. */
async function keepPictures(browser: Browser) {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-failed-'))
  for (const [n, page] of browser
    .contexts()
    .flatMap((context) => context.pages())
    .entries()) {
    await page.screenshot({ path: path.join(folder, `${n}.png`), fullPage: true })
    console.error(`${page.url()} looked like ${folder}/${n}.png`)
  }
}

const executable = process.env.PLAINVIEW_CHROMIUM ?? '/usr/bin/chromium'
