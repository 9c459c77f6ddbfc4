import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { unpacked, verify } from './bag.ts'
import { useChromium } from './chromium.ts'
import { dayFromToday } from './days.ts'
import { expectRefusal, field, fill, follow, onScreen, press, textOf, tick } from './forms.ts'
import { type RunningPlainview, startPlainview } from './plainview.ts'
import { join, setUp } from './sign-in.ts'
import { inOrder } from './steps.ts'

const password = 'four words are good here'

/** The main job on the department's own page, from an empty folder to a production that verifies. Each test goes on from the one before. */
describe('the main job on the own page', () => {
  const chromium = useChromium()
  inOrder()
  let plainview: RunningPlainview
  let chief: Page
  let pio: Page
  let moderator: Page
  let designee: Page
  let records: Page
  let visitor: Page
  let photo: Buffer
  let bag: string

  beforeAll(async () => {
    plainview = await startPlainview()
    photo = await sharp({ create: { width: 640, height: 360, channels: 3, background: '#4a6f8f' } })
      .jpeg()
      .toBuffer()
  })
  afterAll(() => plainview.stop())

  test('the set-up link makes the department and its chief executive, once', async () => {
    chief = await chromium.someone()
    await setUp(chief, plainview.setUpLink, 'chief@millbrook.example', password)
    expect(await textOf(chief.getByRole('banner'))).toContain('Millbrook Police Department')

    const late = await chromium.someone()
    await late.goto(plainview.setUpLink)
    await onScreen(late, 'This link is not valid')
  })

  test('people join by a link that works once', async () => {
    const links = {
      pio: await invite(
        'Nora Whitcombe',
        'Sgt.',
        'pio@millbrook.example',
        'Public information officer',
        'Author',
      ),
      moderator: await invite('Theo Marchetti', '', 'moderator@millbrook.example', 'Moderator'),
      designee: await invite('Kwame Osei', 'Lt.', 'designee@millbrook.example', 'Supervisor', 'Moderator'),
      records: await invite('Priya Raman', '', 'records@millbrook.example', 'Records access officer'),
    }
    const joined = async (who: keyof typeof links) => {
      const page = await chromium.someone()
      await join(page, links[who], `${who}@millbrook.example`, `${password} ${who}`)
      return page
    }
    pio = await joined('pio')
    moderator = await joined('moderator')
    designee = await joined('designee')
    records = await joined('records')

    const again = await chromium.someone()
    await again.goto(links.pio)
    await onScreen(again, 'This link is not valid')
  })

  test('the chief executive appoints a designee from one day to another', async () => {
    await chief.goto(`${plainview.url}/console/people`)
    await follow(chief, 'Kwame Osei')
    await fill(chief, { 'First day': dayFromToday(3), 'Last day': dayFromToday(1) })
    await press(chief, 'Appoint')
    await chief.getByText('The last day cannot be before the first.').first().waitFor()

    await fill(chief, { 'First day': dayFromToday(0), 'Last day': dayFromToday(30) })
    await press(chief, 'Appoint')
    await chief.getByText(`${dayFromToday(0)} to ${dayFromToday(30)}`).waitFor()
    await chief
      .getByRole('link', { name: /designee/i })
      .first()
      .waitFor()
  })

  test('the own page is registered, and used only once it is approved', async () => {
    await pio.goto(`${plainview.url}/console/pages/new`)
    await fill(pio, {
      Title: 'Millbrook Police',
      'Short name for the address': 'news',
      Purpose: 'News from the department, and what residents should know.',
      Contact: '508-555-0100',
    })
    await press(pio, 'Register and ask for approval')
    await onScreen(pio, 'Millbrook Police')
    const address = new URL(pio.url()).pathname
    expect((await visitorSees('/news')).status).toBe(404)

    await pio.goto(`${plainview.url}${address}/approval`)
    await press(pio, 'Approve the page')
    await expectRefusal(pio, 'IV.A.2.i')

    await chief.goto(`${plainview.url}/console`)
    await chief
      .getByRole('link', { name: /Millbrook Police/ })
      .first()
      .click()
    await follow(chief, 'Decide on this page')
    await press(chief, 'Approve the page')
    await onScreen(chief, 'Millbrook Police')
    await chief.getByText('Approved', { exact: true }).waitFor()
    expect((await visitorSees('/news')).status).toBe(200)
  })

  test('a draft that says somebody is guilty is stopped, and its neutral wording can be taken', async () => {
    await pio.goto(`${plainview.url}/console/posts`)
    await press(pio, 'Write a post')
    await onScreen(pio, 'Write a post')
    await tick(pio, 'Millbrook Police')
    // A draft that was saved in between is refused as visibly as one that was not.
    const saved = pio.waitForResponse(
      (answer) => answer.url().includes('/draft') && answer.request().method() === 'POST',
    )
    await fill(pio, { Text: 'We arrested a man on Mill Street last night. He is guilty of the robbery.' })
    await saved
    const finding = pio.getByRole('listitem').filter({ hasText: 'IV.A.3.i.3' }).first()
    await finding.waitFor()
    await press(pio, 'Submit for approval')
    await expectRefusal(pio, 'IV.A.3.i.3')

    await press(finding, 'Use this wording')
    expect(await field(pio, 'Text').inputValue()).toBe(
      'We arrested a man on Mill Street last night. He is charged with the robbery.',
    )
    await pio.getByText('Nothing in this text speaks against the policy.').waitFor()
  })

  test('an image needs a description before the post is submitted', async () => {
    await field(pio, 'Add an image').setInputFiles({
      name: 'street.jpg',
      mimeType: 'image/jpeg',
      buffer: photo,
    })
    await press(pio, 'Add the image')
    const description = pio.getByLabel('Description for people who can’t see it')
    await description.waitFor()
    await press(pio, 'Submit for approval')
    await pio.getByRole('alert').getByText('Describe this image for people who can’t see it.').waitFor()

    await description.fill('Mill Street at night, closed by two cruisers.')
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
  })

  test('a post is sent back with comments, changed, and approved by the designee', async () => {
    const post = pio.url()
    await designee.goto(`${plainview.url}/console`)
    await designee
      .getByRole('link', { name: /Mill Street/ })
      .first()
      .click()
    await follow(designee, 'Send it back')
    await fill(designee, { 'What should change?': 'Say that Mill Street is open again.' })
    await press(designee, 'Send it back')
    await designee.getByText('Sent back', { exact: true }).waitFor()

    await pio.goto(post)
    await pio.getByText('Kwame Osei sent this back: Say that Mill Street is open again.').waitFor()
    await follow(pio, 'Go on writing')
    await field(pio, 'Text').press('Control+End')
    await field(pio, 'Text').pressSequentially(' Mill Street is open again.')
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()

    await designee.goto(`${post}/approval`)
    await press(designee, 'Approve')
    await designee.getByText('Approved', { exact: true }).waitFor()
  })

  test('what is published is read on the public page, by anybody', async () => {
    await pio.reload()
    await publish(pio)
    visitor = await chromium.someone()
    await visitor.goto(`${plainview.url}/news`)
    await visitor.getByText('Mill Street is open again.').waitFor()
    const image = visitor.getByRole('img', { name: 'Mill Street at night, closed by two cruisers.' })
    expect(await image.evaluate((one: HTMLImageElement) => one.decode().then(() => one.naturalWidth))).toBe(
      640,
    )
  })

  test('visitors comment without an account, and change and delete what is theirs', async () => {
    await visitor.getByRole('article').getByRole('link').first().click()
    await comment('Jo', 'Thank you for opening it so fast.')
    await comment('Jo', 'Is the side walk open?')
    await comment('Jo', 'BUY CHEAP WATCHES AT CHEAP-WATCHES.EXAMPLE')
    await comment('Sam', 'Jo lives on Elm Street. Somebody should burn that house down.')
    await comment('A resident', 'The chief should resign.')
    const mine = remark(visitor, 'Is the side walk open?')
    await follow(mine, 'Change')
    await fill(visitor, { 'Your comment': 'Is the sidewalk open?' })
    await press(visitor, 'Save the change')
    await remark(visitor, 'Is the sidewalk open?').waitFor()
    await follow(remark(visitor, 'Is the sidewalk open?'), 'Delete')
    await press(visitor, 'Delete it')
    await onScreen(visitor, /Mill Street/)
    expect(await remark(visitor, 'Is the sidewalk open?').count()).toBe(0)

    const other = await chromium.someone()
    await other.goto(visitor.url())
    await remark(other, 'The chief should resign.').waitFor()
    expect(await other.getByRole('link', { name: 'Delete', exact: true }).count()).toBe(0)
  })

  test('what somebody reports stays, and is shown to a moderator, who keeps it', async () => {
    const words = 'Thank you for opening'
    const reporter = await chromium.someone()
    await reporter.goto(visitor.url())
    await follow(remark(reporter, words), 'Report the comment of Jo')
    await press(reporter, 'Send the report')
    await reporter.getByText('Choose what is wrong with the comment.').first().waitFor()
    await reporter.getByText('Something else').click()
    await reporter.getByLabel(/What should the moderator know/).fill('Jo is <i>not</i> my neighbor.')
    await press(reporter, 'Send the report')
    await onScreen(reporter, 'Your report has arrived')
    await follow(reporter, 'Back to the comment')
    await remark(reporter, words).waitFor()

    await moderator.goto(`${plainview.url}/console/comments?only=reported`)
    await card(moderator, words).getByText('Reported once.').waitFor()
    await card(moderator, words).getByText('Jo is <i>not</i> my neighbor.').waitFor()
    await press(card(moderator, words), 'Keep')
    await moderator.getByText('You kept').waitFor()
  })

  test('a moderator hides for a lawful reason, and shows again', async () => {
    const queue = `${plainview.url}/console/comments`
    await moderator.goto(queue)
    await hide('BUY CHEAP WATCHES', 'Off topic')
    await expectRefusal(moderator, 'IV.A.2.iv.1')
    await moderator.goto(queue)
    await hide('Jo lives on Elm Street', 'Personal attack')
    await moderator.getByText('You hid').waitFor()
    const post = visitor.url()
    await visitor.reload()
    await visitor.getByText('A comment was removed here. Reason: personal attack').waitFor()
    expect(await visitor.getByText('Jo lives on Elm Street').count()).toBe(0)
    // Its own address goes on saying so.
    const itsOwn = visitor.getByRole('article').filter({ hasText: 'A comment was removed here' })
    const address = await itsOwn
      .getByRole('link')
      .filter({ has: visitor.locator('time') })
      .getAttribute('href')
    const alone = await (await visitorSees(address ?? '')).text()
    expect(alone).toContain('A removed comment')
    expect(alone).toContain('IV.A.2.iv.1')
    expect(alone).not.toContain('Elm Street')

    await follow(itsOwn, 'appeal the removal')
    await fill(visitor, { 'Why should the comment be shown again?': 'It was a joke between neighbors.' })
    await press(visitor, 'Send the appeal')
    await visitor.getByText('We have your appeal').waitFor()
    await visitor.goto(post)

    await moderator.goto(`${queue}?state=hidden`)
    await press(card(moderator, 'Jo lives on Elm Street'), 'Show it again')
    await moderator.getByText('You showed again').waitFor()
    await visitor.reload()
    await remark(visitor, 'Jo lives on Elm Street').waitFor()
  })

  test('a comment that criticises the chief is not hidden by one person alone', async () => {
    await moderator.goto(`${plainview.url}/console/comments`)
    await card(moderator, 'The chief should resign.').getByText('Criticism is protected.').waitFor()
    await hide('The chief should resign.', 'Personal attack')
    await moderator.getByText('You asked a second person about').waitFor()
    await visitor.reload()
    await remark(visitor, 'The chief should resign.').waitFor()

    await designee.goto(`${plainview.url}/console`)
    await follow(designee, 'A comment of A resident')
    await designee.getByText('Theo Marchetti wants to hide it: Personal attack.').waitFor()
    await follow(designee, 'Keep')
    await press(designee, 'Keep it')
    await designee.getByText('Kept', { exact: true }).first().waitFor()
    await visitor.reload()
    await remark(visitor, 'The chief should resign.').waitFor()
  })

  test('a change after the approval needs an approval of its own', async () => {
    await pio.goto(`${plainview.url}/console/posts`)
    await press(pio, 'Write a post')
    await tick(pio, 'Millbrook Police')
    await fill(pio, { Text: 'The parade passes Main Street on Saturday.' })
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
    const post = pio.url()
    await approve(post)

    await pio.goto(`${post}/draft`)
    await fill(pio, { Text: 'The parade passes Main Street on Sunday.' })
    await press(pio, 'Save')
    await pio.getByText('Saved at').waitFor()
    await pio.goto(`${post}/publication`)
    await press(pio, 'Publish now')
    await pio.getByRole('alert').waitFor()
    expect(await (await visitorSees('/news')).text()).not.toContain('parade')

    await pio.goto(`${post}/draft`)
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
    await approve(post)
  })

  test('an approved post waits for its time, or is published at once instead', async () => {
    await pio.reload()
    await follow(pio, 'Choose a time')
    await fill(pio, { 'Day and time': `${dayFromToday(-1)}T08:00` })
    await press(pio, 'Set the time')
    await pio.getByRole('alert').first().waitFor()
    expect(await field(pio, 'Day and time').inputValue()).toBe(`${dayFromToday(-1)}T08:00`)

    await fill(pio, { 'Day and time': `${dayFromToday(1)}T08:00` })
    await press(pio, 'Set the time')
    await pio.getByText(/It will be published on .* 8:00 AM/).waitFor()
    await follow(pio, 'Change the time')
    await press(pio, 'Do not publish at a set time')
    await pio.getByText('Approved', { exact: true }).waitFor()
    await publish(pio)
  })

  test('a published post is changed by a new version, and deleted with a reason', async () => {
    const post = pio.url()
    await follow(pio, 'Change')
    await fill(pio, { Text: 'The parade passes Main Street on Sunday at noon.' })
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
    expect(await (await visitorSees('/news')).text()).not.toContain('at noon')
    await approve(post)
    await pio.goto(`${post}/publication`)
    await press(pio, 'Publish now')
    await pio.waitForURL(post)
    await expect
      .poll(async () => (await visitorSees('/news')).text(), { timeout: 15_000 })
      .toContain('Main Street on Sunday at noon.')

    await pio.goto(`${post}/deletion`)
    await fill(pio, { 'Why?': 'The parade is cancelled.' })
    await press(pio, 'Delete the post')
    await pio.waitForURL(post)
    await untilItSays(pio, 'Deleted')
    // The public is answered from a copy that is at most a second old.
    await expect
      .poll(async () => (await visitorSees('/news')).text(), { timeout: 15_000 })
      .not.toContain('parade')
  })

  test('the archive finds what happened, and proves it', async () => {
    await records.goto(`${plainview.url}/console/archive`)
    await fill(records, { Words: 'parade', From: dayFromToday(0), To: dayFromToday(0) })
    await press(records, 'Search')
    await records.waitForURL(/words=parade/)
    for (const kind of ['Post submitted', 'Post approved', 'Post published', 'Post deleted'])
      await records.getByRole('link', { name: kind }).first().waitFor()
    await records.getByRole('link', { name: 'Post published' }).first().click()
    await onScreen(records, 'Post published')
    await records.getByText('The parade passes Main Street').first().waitFor()
    await expect
      .poll(
        async () => {
          await records.reload()
          return records.getByText('the log’s signed root follows from it').count()
        },
        { timeout: 15_000, interval: 250 },
      )
      .toBe(1)
  })

  test('a request comes by the public form and at the desk', async () => {
    await visitor.goto(`${plainview.url}/records-requests`)
    await follow(visitor, 'Ask for records')
    await fill(visitor, {
      'What are you looking for?': 'Everything about Mill Street, with what was removed.',
      'Your name (optional)': 'Gary Pelletier',
    })
    await press(visitor, 'Send the request')
    await visitor.getByText('We have your request').waitFor()

    await records.goto(`${plainview.url}/console/requests`)
    await follow(records, 'Enter a request')
    await fill(records, {
      'What is asked for': 'All posts about the parade.',
      'How it came': 'letter',
      'Day it reached the department': dayFromToday(-3),
    })
    await press(records, 'Enter the request')
    await onScreen(records, /^Request \d{4}-0002$/)
  })

  test('what answers a request is collected, produced, and downloaded by the requester', async () => {
    await records.goto(`${plainview.url}/console/requests`)
    await records.getByRole('link', { name: /-0001$/ }).click()
    await onScreen(records, /^Request \d{4}-0001$/)
    const request = records.url()
    await follow(records, 'Letters')
    await follow(records, 'We have received your request')
    await press(records, 'Send')
    await records.waitForURL(/\/letters\/sent\//)
    await records.goto(`${request}/collection`)
    await fill(records, { Words: '"Mill Street"' })
    await press(records, 'Search')
    await press(records, 'Add all that the search finds')
    await records.getByRole('table', { name: 'In the collection' }).waitFor()
    await records.goto(`${request}/review`)
    await tick(records, 'All that waits for review')
    await press(records, 'Release them')
    await follow(records, 'Produce them')
    await tick(records, 'Let the requester download it')
    await records.getByRole('button', { name: /^Produce \d+ records$/ }).click()
    await records.getByText('Released to the requester').waitFor()

    await visitor.reload()
    const [download] = await Promise.all([
      visitor.waitForEvent('download'),
      visitor.getByRole('link', { name: /^Download \d+ records/ }).click(),
    ])
    bag = await unpacked(await download.path())
    const key = await (await visitorSees('/log/key')).text()
    expect(await verify(bag, key.trim())).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Genuine: /),
    })
  })

  test('one changed byte in the bag is found and named', async () => {
    const key = (await (await visitorSees('/log/key')).text()).trim()
    const [name = ''] = (await readdir(path.join(bag, 'data'), { recursive: true }))
      .filter((each) => each.endsWith('.json'))
      .map((each) => `data/${each}`)
    const content = await readFile(path.join(bag, name))
    content[0] = (content[0] ?? 0) ^ 1
    await writeFile(path.join(bag, name), content)
    const { code, said } = await verify(bag, key)
    expect(code).toBe(1)
    expect(said).toContain(name)
  })

  async function invite(name: string, title: string, email: string, ...roles: string[]) {
    await chief.goto(`${plainview.url}/console/people/new`)
    await fill(chief, { Name: name, 'Rank or title': title, 'E-mail address': email })
    for (const role of roles) await tick(chief, role)
    await press(chief, 'Make the link')
    return textOf(chief.getByRole('status').locator('code'))
  }

  async function publish(page: Page) {
    await follow(page, 'Publish now')
    await press(page, 'Publish now')
    await page.waitForURL(/\/console\/posts\/[^/]+$/)
    await untilItSays(page, 'Published')
  }

  async function comment(name: string, words: string) {
    await fill(visitor, { 'Your name': name, 'Your comment': words })
    await press(visitor, 'Post the comment')
    await remark(visitor, words).waitFor()
  }
  const remark = (page: Page, words: string) =>
    page.getByRole('article', { name: /^Comment of/ }).filter({ hasText: words })
  const card = (page: Page, words: string) =>
    page.locator('[data-card]').filter({ has: page.locator('.pv-quote', { hasText: words }) })

  async function hide(words: string, reason: string) {
    await card(moderator, words).locator('summary', { hasText: 'Hide…' }).click()
    await card(moderator, words).getByRole('button', { name: reason }).click()
  }

  async function approve(post: string) {
    await designee.goto(`${post}/approval`)
    await press(designee, 'Approve')
    await designee.getByText('Approved', { exact: true }).waitFor()
  }

  const visitorSees = (address: string) => fetch(`${plainview.url}${address}`)

  /** A job does the rest: the screen is looked at again until it says so. */
  const untilItSays = (page: Page, words: string) =>
    expect
      .poll(
        async () => {
          await page.reload()
          return page.getByText(words, { exact: true }).count()
        },
        { timeout: 15_000, interval: 250 },
      )
      .toBeGreaterThan(0)
})
