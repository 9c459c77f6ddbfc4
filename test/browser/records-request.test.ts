import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { verifyBag } from '../../src/archive/archive.ts'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { registerImportJobs } from '../../src/imports/imports.ts'
import { registerRequestJobs } from '../../src/requests/requests.ts'
import { scratchFolder } from '../endings.ts'
import { xArchive } from '../exports.ts'
import { unpacked } from './bag.ts'
import { useChromium } from './chromium.ts'
import { field, fill, follow, onScreen, press, tick } from './forms.ts'
import { servedInstallation } from './site.ts'
import { inOrder } from './steps.ts'
import { signInAs } from './town-people.ts'

const run = promisify(execFile)

describe('from a request to redacted records', async () => {
  inOrder()
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl } = town
  let officer: Page
  let requester: Page
  let request = ''

  beforeAll(async () => {
    await fillTown(town, { posts: 3, comments: 60 })
    await registerImportJobs(town, { file: 1, total: 1 })
    await registerRequestJobs(town, { folder: await scratchFolder() })
  })

  test('somebody without a name asks, and follows the request by its code', async () => {
    requester = await chromium.someone()
    await requester.goto(`${baseUrl}/records-requests/new`)
    await fill(requester, { 'What are you looking for?': 'Everything that was written in the town.' })
    await press(requester, 'Send the request')
    await onScreen(requester, /^Records request/)
    await requester.getByText(/answer in writing by/).waitFor()
  })

  test('the officer holds what the search finds, and collects it', async () => {
    officer = await chromium.someone()
    await signInAs(officer, baseUrl, 'records')
    await onScreen(officer, 'Today')
    const number = /Records request (\S+)/.exec((await requester.textContent('h1')) ?? '')?.[1] ?? ''
    await officer.goto(`${baseUrl}/console/requests`)
    await follow(officer, number)
    await onScreen(officer, `Request ${number}`)
    request = new URL(officer.url()).pathname
    await officer.goto(`${baseUrl}/console/archive?kind=comment.capture`)
    await follow(officer, 'Hold these records')
    await onScreen(officer, 'Place a hold')
    await fill(officer, {
      'Case or matter': `Request ${number}`,
      Reason: 'Somebody asks for these; nothing of them may go before they are answered.',
    })
    await press(officer, 'Place the hold')
    await onScreen(officer, `Request ${number}`)
    await officer.goto(`${baseUrl}${request}/collection?kind=comment.capture`)
    await press(officer, 'Add all that the search finds')
    await officer.getByRole('table', { name: 'In the collection' }).waitFor()
  })

  test('by key, one comment is redacted: its author’s name goes, wherever it stands', async () => {
    await officer.goto(`${baseUrl}${request}/review`)
    // The keys are there when the page's script is; until then pressing one does nothing.
    await expect
      .poll(
        async () => {
          await officer.keyboard.press('j')
          return officer.locator('[data-card]:focus').count()
        },
        { timeout: 30_000 },
      )
      .toBe(1)
    await officer.keyboard.press('d')
    await onScreen(officer, /^Redact for/)
    await officer.getByLabel('Exemption', { exact: true }).selectOption('c')
    await fill(officer, {
      'Why it applies': 'Somebody who holds no office.',
      'Words to take out': await nameOfAuthor(officer),
    })
    await officer.getByText('Take the same words out of every other record').click()
    // As Enter does, which must not press the first of the buttons that take out a whole text.
    await field(officer, 'Words to take out').press('Enter')
    await officer.getByRole('heading', { name: 'Taken out' }).waitFor()
    await officer.getByText('████(c)').first().waitFor()
  })

  test('everything else is released, and what goes out holds the name nowhere', async () => {
    const name = await nameOfAuthor(officer)
    await officer.goto(`${baseUrl}${request}/review`)
    await officer.getByText('All that waits for review').click()
    // Enter on the box decides nothing.
    await officer.getByLabel('All that waits for review').press('Enter')
    await officer.getByText('Press the button of what you decide.').waitFor()
    await press(officer, 'Release them')
    await officer.getByText('All records are reviewed.').waitFor()
    await follow(officer, 'Produce them')
    await tick(officer, 'Pages (PDF) with Bates numbers')
    await officer.getByText('Let the requester download it as soon as it is ready').click()
    await officer.getByRole('button', { name: /^Produce \d+ records$/ }).click()
    await officer.getByText('Waiting to begin').waitFor()
    expect(await town.jobs.run('request.produce')).toBe(1)

    // Whoever has the code picks it up, from any machine.
    const code = new URL(requester.url()).pathname.split('/').at(-1) ?? ''
    const elsewhere = await chromium.someone()
    await elsewhere.goto(`${baseUrl}/records-requests`)
    await fill(elsewhere, { 'The code of your request': code })
    await elsewhere.keyboard.press('Enter')
    await onScreen(elsewhere, /^Records request/)
    const download = elsewhere.waitForEvent('download')
    await elsewhere.getByRole('link', { name: /^Download \d+ records/ }).click()
    const bag = await unpacked(await (await download).path())
    expect(await verifyBag(bag, town.logKey.verifier)).toMatchObject({ genuine: true, withheld: 0 })
    for (const [file, content] of await filesBelow(bag))
      expect(content.toString('utf8').includes(name), `${name} in ${file}`).toBe(false)
    expect(await readFile(path.join(bag, 'data/withheld.html'), 'utf8')).toContain('holds no office')
    const pages = await textOfPages(bag)
    if (pages !== null) {
      expect(pages).toMatch(/Who: +\(c\)/)
      expect(pages).not.toContain(name)
    }
    await requester.reload()
  })

  test('they write to each other, and a denial without its reason is not sent', async () => {
    await fill(requester, { 'Write to us': 'Thank you. Is that all?' })
    await press(requester, 'Send')
    await requester.getByText('Thank you. Is that all?').waitFor()
    // A second press must not send it again.
    await requester.waitForFunction(() => document.querySelector('textarea')?.value === '')
    await officer.goto(`${baseUrl}/console`)
    const waiting = officer.getByRole('listitem').filter({ hasText: 'Thank you. Is that all?' })
    await waiting.getByRole('link', { name: /^Read a message about request/ }).click()
    await officer.getByText('Thank you. Is that all?').waitFor()
    await officer.goto(`${baseUrl}${request}/letters/denial-in-part`)
    const letter = officer.getByLabel(/^Letter/)
    await letter.fill((await letter.inputValue()).replace('(c)', ''))
    await press(officer, 'Send and close the request')
    await officer
      .getByText(/can’t be sent yet/)
      .first()
      .waitFor()
    await officer.goto(`${baseUrl}${request}/letters/denial-in-part`)
    await press(officer, 'Send and close the request')
    await officer.getByText(/Sent on/).waitFor()
    await requester.reload()
    await requester.getByText('We have answered it.').waitFor()
  })

  test('an upload of history that breaks off goes on with the same file in another window, and what it brings is found', async () => {
    const own = await scratchFolder()
    const file = path.join(own, 'archive of 2018.zip')
    const film = { name: 'data/unknown.bin', content: randomBytes(17_000_000) }
    await writeFile(file, xArchive([{ id: '1', text: 'The covered bridge is closed to trucks' }], [film]))
    // Not one of those whose console has to stay quiet.
    const window = await officer.context().newPage()
    await window.goto(`${baseUrl}/console/imports/new`)
    // After the first piece the line is dead for good.
    let pieces = 0
    await window.route(/\/imports\/uploads\/[^/]+$/, (route) =>
      route.request().method() === 'PATCH' && ++pieces > 1
        ? route.abort('connectionreset')
        : route.continue(),
    )
    await field(window, 'Page whose history this is').selectOption({ index: 1 })
    await field(window, 'File').setInputFiles(file)
    await press(window, 'Import')
    await window.getByText(/The connection broke off; it is tried again by itself/).waitFor()
    // Left while its line is still dead: a window that is closed lets a waiting piece through.
    await window.goto('about:blank')
    await window.close()

    await officer.goto(`${baseUrl}/console/imports`)
    const unfinished = officer.getByRole('table', { name: 'Unfinished uploads' }).getByRole('row')
    await unfinished.filter({ hasText: '8.0 MB of 17.0 MB' }).waitFor()
    await follow(officer, 'Go on with archive of 2018.zip')
    await onScreen(officer, 'Import history')
    const other = path.join(own, 'another.zip')
    await writeFile(other, 'PK')
    await field(officer, 'File').setInputFiles(other)
    await press(officer, 'Go on')
    await officer.getByRole('alert').filter({ hasText: 'Choose “archive of 2018.zip” of 17.0 MB' }).waitFor()
    const begins: string[] = []
    officer.on('request', (request) => {
      if (request.method() === 'PATCH') begins.push(request.headers()['upload-offset'] ?? '')
    })
    await field(officer, 'File').setInputFiles(file)
    await press(officer, 'Go on')
    await onScreen(officer, 'archive of 2018.zip')
    expect(begins).toEqual(['8000000', '16000000'])

    await town.jobs.run('import.run')
    await officer.reload()
    await officer.getByText('Finished', { exact: true }).waitFor()
    await officer.getByRole('heading', { name: 'Not taken over' }).waitFor()
    await officer.getByRole('cell', { name: /unknown\.bin/ }).waitFor()
    await officer.goto(`${baseUrl}/console/archive?words=covered+bridge+trucks`)
    await officer.getByRole('link', { name: 'Post imported' }).waitFor()
  })
})

/** The name that the first text under "Name of who did it" shows. */
async function nameOfAuthor(page: Page): Promise<string> {
  const shown = page.getByRole('region', { name: 'Name of who did it' }).locator('.pv-quote')
  return ((await shown.textContent()) ?? '').trim()
}

/** The words of a bag's PDF files, as a reader of PDF finds them; null where none is on this machine. */
async function textOfPages(bag: string): Promise<string | null> {
  const folder = path.join(bag, 'data/pdf')
  const texts: string[] = []
  for (const name of await readdir(folder)) {
    const read = await run('pdftotext', ['-layout', path.join(folder, name), '-']).catch((error) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
    if (read === null) return null
    texts.push(read.stdout)
  }
  return texts.join('\n')
}

async function filesBelow(folder: string): Promise<[string, Buffer][]> {
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((one) =>
    one.isFile(),
  )
  return Promise.all(
    files.map(async (one): Promise<[string, Buffer]> => {
      const full = path.join(one.parentPath, one.name)
      return [path.relative(folder, full), await readFile(full)]
    }),
  )
}
