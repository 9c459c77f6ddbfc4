import { AtpAgent } from '@atproto/api'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { registerCommentJobs } from '../../src/comments/comments.ts'
import { pollComments } from '../../src/comments/poll.job.ts'
import { fill as fillTown } from '../../src/demo/fill.ts'
import type { PersonKey } from '../../src/demo/people.ts'
import { registerPageJobs } from '../../src/pages/pages.ts'
import { registerPostJobs } from '../../src/posts/posts.ts'
import { startPds, type TestPds } from '../pds.ts'
import { useChromium } from './chromium.ts'
import { field, fill, follow, onScreen, press, tick } from './forms.ts'
import { servedInstallation } from './site.ts'
import { inOrder } from './steps.ts'
import { signInAs } from './town-people.ts'

/** The main job on a page elsewhere, with a real server of Bluesky's own making. Each test goes on from the one before. */
describe('the main job on Bluesky', async () => {
  const chromium = useChromium()
  inOrder()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl } = town
  let pds: TestPds
  let riley: AtpAgent
  let pio: Page
  let chief: Page
  let clerk: Page
  let post: string

  beforeAll(async () => {
    await fillTown(town, { posts: 2, comments: 4 })
    await registerPageJobs(town)
    await registerPostJobs(town)
    await registerCommentJobs(town)
    pds = await startPds()
    riley = new AtpAgent({ service: pds.url })
    await riley.login({ identifier: theirs().handle, password: theirs().password })
    const signedIn = async (who: PersonKey) => {
      const page = await chromium.someone()
      await signInAs(page, baseUrl, who)
      await onScreen(page, 'Today')
      return page
    }
    pio = await signedIn('pio')
    chief = await signedIn('chief')
    clerk = await signedIn('clerk')
  })
  afterAll(() => pds?.stop())

  const account = (at: number) => {
    const one = pds.accounts[at]
    if (!one) throw new Error('The PDS has too few accounts.')
    return one
  }
  const ours = () => account(0)
  const theirs = () => account(1)

  test('a page is registered, approved, and connected with an app password that is never shown', async () => {
    await pio.goto(`${baseUrl}/console/pages/new`)
    await fill(pio, {
      'Where is the page?': 'bluesky',
      Title: 'Wexford Falls Police on Bluesky',
      Address: 'https://bsky.app/profile/millbrook.test',
      Purpose: 'Urgent news for the town.',
    })
    await press(pio, 'Register and ask for approval')
    await onScreen(pio, 'Wexford Falls Police on Bluesky')
    const page = pio.url()
    await chief.goto(`${page}/approval`)
    await press(chief, 'Approve the page')
    await chief.getByText('This page is not connected yet').waitFor()

    await pio.goto(`${page}/connection`)
    await fill(pio, { Service: pds.url, Handle: ours().handle, 'App password': 'not the password' })
    await press(pio, 'Try and save')
    await pio
      .getByRole('alert')
      .getByText(/Handle or app password is not right/)
      .waitFor()
    await fill(pio, { 'App password': ours().password })
    await press(pio, 'Try and save')
    // The form's own heading names the page too: only the address says that it was taken.
    await pio.waitForURL(page)
    await pio.goto(`${page}/connection`)
    expect(await field(pio, 'App password').inputValue()).toBe('')
    await town.jobs.run('page.introduce')
    const { data } = await riley.com.atproto.repo.getRecord({
      repo: ours().did,
      collection: 'app.bsky.actor.profile',
      rkey: 'self',
    })
    expect(data.value).toMatchObject({ description: expect.stringContaining('Urgent news for the town.') })
  })

  test('a post with a described image goes there once it is approved', async () => {
    const image = await sharp({ create: { width: 320, height: 180, channels: 3, background: 'navy' } })
      .png()
      .toBuffer()
    await pio.goto(`${baseUrl}/console/posts`)
    await press(pio, 'Write a post')
    await tick(pio, 'Wexford Falls Police on Bluesky')
    await fill(pio, { Text: 'Mill Street is closed until noon.' })
    await field(pio, 'Add an image').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: image })
    await fill(pio, { 'Its description': 'Two cruisers across Mill Street.' })
    await press(pio, 'Add the image')
    await pio.getByLabel('Description for people who can’t see it').waitFor()
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
    post = pio.url()
    expect(await postsThere()).toEqual([])
    await approveAndPublish()
    await town.jobs.run('post.publish')
    expect(await postsThere()).toMatchObject([
      {
        value: {
          text: expect.stringContaining('Mill Street is closed until noon.'),
          embed: { images: [{ alt: 'Two cruisers across Mill Street.' }] },
        },
      },
    ])
    await pio.goto(post)
    await pio.getByText('Published', { exact: true }).waitFor()
  })

  test('a reply is in the queue after the next look, its edit and its deletion too', async () => {
    const [there] = await postsThere()
    if (!there) throw new Error('The post is gone.')
    const ref = { uri: there.uri, cid: there.cid }
    const made = await riley.post({ text: 'Good to know, thank you.', reply: { root: ref, parent: ref } })
    await pollComments(town)
    await clerk.goto(`${baseUrl}/console/comments?words=${encodeURIComponent('Good to know')}`)
    await clerk.locator('[data-card]').getByText('Good to know, thank you.').waitFor()
    await follow(clerk, 'Details')
    await onScreen(clerk, /^Comment of/)

    await riley.com.atproto.repo.putRecord({
      repo: theirs().did,
      collection: 'app.bsky.feed.post',
      rkey: made.uri.split('/').at(-1) ?? '',
      record: {
        text: 'Good to know. When will it open?',
        createdAt: new Date().toISOString(),
        reply: { root: ref, parent: ref },
      },
    })
    await pollComments(town)
    await clerk.reload()
    await clerk.getByText('Good to know. When will it open?').first().waitFor()
    await clerk.getByText('Version 1').waitFor()

    await riley.deletePost(made.uri)
    await pollComments(town)
    await clerk.reload()
    await clerk.getByText('Deleted by its author', { exact: true }).first().waitFor()
    await clerk.getByText('Good to know. When will it open?').first().waitFor()
  })

  test('an approved change is an edit there, and a deletion takes the post off', async () => {
    await pio.goto(`${post}/draft`)
    await fill(pio, { Text: 'Mill Street is open again.' })
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
    await approveAndPublish()
    await town.jobs.run('post.edit')
    expect(await postsThere()).toMatchObject([
      { value: { text: expect.stringContaining('Mill Street is open again.') } },
    ])

    await pio.goto(`${post}/deletion`)
    await fill(pio, { 'Why?': 'It is over.' })
    await press(pio, 'Delete the post')
    await pio.waitForURL(post)
    await town.jobs.run('post.delete')
    expect(await postsThere()).toEqual([])
    await pio.reload()
    await pio.getByText('Deleted', { exact: true }).waitFor()
  })

  async function approveAndPublish() {
    await chief.goto(`${post}/approval`)
    await press(chief, 'Approve')
    await chief.getByText('Approved', { exact: true }).waitFor()
    await pio.goto(`${post}/publication`)
    await press(pio, 'Publish now')
    await pio.waitForURL(post)
  }

  async function postsThere() {
    const { data } = await riley.com.atproto.repo.listRecords({
      repo: ours().did,
      collection: 'app.bsky.feed.post',
    })
    return data.records
  }
})
