import { beforeAll, describe, test } from 'vitest'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { useChromium } from './chromium.ts'
import { fill, follow, onScreen, press, tick } from './forms.ts'
import { servedInstallation } from './site.ts'
import { signInAs } from './town-people.ts'

describe('without JavaScript', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl } = town
  const someone = () => chromium.someone({ javaScriptEnabled: false })

  beforeAll(() => fillTown(town, { posts: 3, comments: 20 }))

  test('a visitor comments, after being told what is missing', async () => {
    const visitor = await someone()
    await visitor.goto(`${baseUrl}/news`)
    await visitor.getByRole('article').getByRole('link').first().click()
    await fill(visitor, { 'Your comment': 'Is the sidewalk open?' })
    await press(visitor, 'Post the comment')
    await visitor.locator('#name-problem').waitFor()
    await fill(visitor, { 'Your name': 'Jo' })
    await press(visitor, 'Post the comment')
    await visitor.getByRole('article', { name: 'Comment of Jo' }).getByText('Is the sidewalk open?').waitFor()
  })

  test('a visitor asks for records and follows the request', async () => {
    const visitor = await someone()
    await visitor.goto(`${baseUrl}/records-requests/new`)
    await fill(visitor, { 'What are you looking for?': 'All posts about Hollow Pond.' })
    await press(visitor, 'Send the request')
    await visitor.getByText('We have your request').waitFor()
    await fill(visitor, { 'Write to us': 'Those with pictures as well.' })
    await press(visitor, 'Send')
    await visitor.getByText('Those with pictures as well.').waitFor()
  })

  test('a moderator signs in and decides', async () => {
    const clerk = await someone()
    await signInAs(clerk, baseUrl, 'clerk')
    await onScreen(clerk, 'Today')
    await follow(clerk, 'Comments')
    await press(clerk.locator('[data-card]').first(), 'Keep')
    await clerk.getByText('You kept').waitFor()
  })

  test('an author writes a post, and nothing typed is lost when it is refused', async () => {
    const pio = await someone()
    await signInAs(pio, baseUrl, 'pio')
    await onScreen(pio, 'Today')
    await pio.goto(`${baseUrl}/console/posts`)
    await press(pio, 'Write a post')
    await tick(pio, 'Wexford Falls Police Department')
    await fill(pio, { Text: 'He is guilty of the robbery.' })
    await press(pio, 'Submit for approval')
    await pio.getByText('The policy does not allow this').waitFor()
    await fill(pio, { Text: 'He is charged with the robbery.' })
    await press(pio, 'Submit for approval')
    await pio.getByText('Waits for approval').first().waitFor()
  })
})
