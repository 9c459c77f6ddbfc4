import { beforeAll, describe, expect, test } from 'vitest'
import { recordsAbout, sequence, verifyLog } from '../../src/archive/archive.ts'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { people as everybody } from '../../src/department/department.ts'
import { coverHolds } from '../../src/retention/coverage.ts'
import { registerRetentionJobs } from '../../src/retention/retention.ts'
import type { PostId } from '../../src/storage/ids.ts'
import { oldPosts } from '../old-posts.ts'
import { useChromium } from './chromium.ts'
import { expectRefusal, fill, follow, onScreen, press, textOf } from './forms.ts'
import { servedInstallation } from './site.ts'
import { inOrder } from './steps.ts'
import { signInAs } from './town-people.ts'

describe('from a hold to a certificate', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl } = town
  inOrder()
  let posts: PostId[]
  let run: string

  beforeAll(async () => {
    await fillTown(town, { posts: 3, comments: 10 })
    const [author] = await everybody(town.db)
    if (!author) throw new Error('The town is empty.')
    posts = await oldPosts(town, author, ['Fireworks of 2012', 'Parade of 2012', 'Lost kitten of 2012'])
    await registerRetentionJobs(town)
  })
  const signedInAs = async (who: Parameters<typeof signInAs>[2]) => {
    const page = await chromium.someone()
    await signInAs(page, baseUrl, who)
    await onScreen(page, 'Today')
    return page
  }
  const isKept = async (n: number) => {
    const { json } = await town.db
      .selectFrom('record')
      .select('json')
      .where('subject_id', '=', posts[n] as PostId)
      .executeTakeFirstOrThrow()
    return json !== null
  }

  test('the records access officer holds the parade, and the archive finds it so', async () => {
    const page = await signedInAs('records')
    await follow(page, 'Holds and retention')
    await page.getByRole('link', { name: /^Holds \(/ }).click()
    await follow(page, 'Place a hold')
    await fill(page, { 'Case or matter': 'Doe v. Wexford Falls', Reason: 'Injured at the parade.' })
    await press(page, 'Place the hold')
    await page.getByText('at least one condition').first().waitFor()
    expect(await page.getByLabel(/^Case or matter/).inputValue()).toBe('Doe v. Wexford Falls')
    await fill(page, { Words: 'parade 2012' })
    await press(page, 'Place the hold')
    await onScreen(page, 'Doe v. Wexford Falls')
    // The two turns of the background that bring a new hold into the search.
    await sequence(town.db, town.logKey)
    await coverHolds(town)
    await page.goto(`${baseUrl}/console/archive?held=yes&series=posts`)
    await page.getByRole('link', { name: 'Post submitted' }).first().click()
    await page.getByRole('link', { name: 'Doe v. Wexford Falls' }).waitFor()
  })
  test('the officer proposes what is due: not what is held, and not the kitten', async () => {
    const page = await signedInAs('records')
    await page.goto(`${baseUrl}/console/retention`)
    await follow(page, '3 files')
    await press(page, 'Make the list')
    await page.getByText('Fireworks of 2012').waitFor()
    run = page.url()
    expect(await page.getByText('Parade of 2012').count()).toBe(0)
    await page
      .getByRole('row', { name: /Lost kitten/ })
      .getByRole('link', { name: 'Keep it' })
      .click()
    await fill(page, { Reason: 'The town loves this story.' })
    await press(page, 'Keep it')
    await page.getByText('Kept: The town loves this story.').waitFor()
    await follow(page, 'Enter the permission')
    await fill(page, { Number: 'SPR-26-0114', 'Granted on': '2026-01-12' })
    await press(page, 'Enter')
    await page.getByText('SPR-26-0114, January 12, 2026').waitFor()
    await page.goto(`${run}/approval`)
    await page.getByText('1 file of the list with 1 record,').waitFor()
    await press(page, 'I have read the list and approve it')
    await expectRefusal(page, 'IV.A.2.iii.1')
  })
  test('it takes the chief and a designee', async () => {
    for (const who of ['chief', 'lieutenant'] as const) {
      const page = await signedInAs(who)
      await page.getByRole('link', { name: /^Read and decide on the disposition/ }).click()
      await follow(page, 'Approve')
      await press(page, 'I have read the list and approve it')
      await page.waitForURL(run)
    }
  })
  test('the officer has it carried out, and only the fireworks are gone', async () => {
    const page = await signedInAs('records')
    await page.getByRole('link', { name: /^Carry out the disposition/ }).click()
    await follow(page, 'Carry it out')
    await press(page, 'Carry it out')
    await page.getByText('0 of 1 file destroyed').waitFor()
    await town.jobs.run('retention.dispose')
    expect([await isKept(0), await isKept(1), await isKept(2)]).toEqual([false, true, true])
    await page.getByRole('link', { name: 'Certificate', exact: true }).click()
    await onScreen(page, 'Certificate of disposition')
    await page.getByText('SPR-26-0114').waitFor()
    const listed = await textOf(page.getByRole('listitem').locator('code').first())
    const [, record] = listed.split(' ')
    expect(record).toBe((await recordsAbout(town.db, { kind: 'post', id: posts[0] as string }))[0]?.id)
    expect(await page.content()).not.toContain('Fireworks')
    // On paper it has the width of the page, not that of the menu which is left out.
    await page.emulateMedia({ media: 'print' })
    expect((await page.getByRole('article').boundingBox())?.width).toBeGreaterThan(700)
    await page.emulateMedia({ media: null })
    await page.goto(`${baseUrl}/console/archive/${record}`)
    await page.getByText(/lawfully destroyed on \w+ \d+, \d{4}/).waitFor()
    expect(await verifyLog(town.db, town.logKey.verifier)).toMatchObject({ genuine: true, disposed: 1 })
  })
})
