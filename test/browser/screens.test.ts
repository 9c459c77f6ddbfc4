import type { RouteConfigEntry } from '@react-router/dev/routes'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { sequence } from '../../src/archive/archive.ts'
import { registerCaptureJobs } from '../../src/captures/captures.ts'
import { fileAppeal } from '../../src/comments/appeal.ts'
import { switchOn } from '../../src/comments/automatic.ts'
import { reviewsWaiting } from '../../src/comments/automatic-store.ts'
import { insertBlock } from '../../src/comments/block-store.ts'
import { commentById, hideComment, submitComment } from '../../src/comments/comments.ts'
import { escalate } from '../../src/comments/escalation.ts'
import { declareIncident } from '../../src/comments/incident.ts'
import { openCode } from '../../src/comments/notice.ts'
import { askColleague } from '../../src/comments/question.ts'
import { fill as fillTown } from '../../src/demo/fill.ts'
import { demoPassword, type PersonKey, people } from '../../src/demo/people.ts'
import { people as everybody, invite } from '../../src/department/department.ts'
import { receiveByForm, registerRequestJobs } from '../../src/requests/requests.ts'
import { disposeQueue } from '../../src/retention/disposition.ts'
import { placeHold } from '../../src/retention/hold.ts'
import routes from '../../src/routes.ts'
import type { Tx } from '../../src/storage/database.ts'
import { newId } from '../../src/storage/ids.ts'
import { scratchFolder } from '../endings.ts'
import { past } from '../past.ts'
import { expectForEverybody } from './audit.ts'
import { useChromium } from './chromium.ts'
import { dayFromToday } from './days.ts'
import { field, fill, follow, onScreen, press, tick } from './forms.ts'
import { served, servedInstallation } from './site.ts'
import { signInAs } from './town-people.ts'

type Visitor = PersonKey | 'visitor'

/** Every screen, who looks at it, and where they find one: `places` are of the filled town. */
const visits: Record<string, [Visitor, (places: Places) => string]> = {
  '/': ['visitor', () => '/'],
  '/pages': ['visitor', () => '/pages'],
  '/policy': ['visitor', () => '/policy'],
  '/removals': ['visitor', () => '/removals'],
  '/:slug': ['visitor', () => '/news'],
  '/:slug/posts/:id': ['visitor', ({ publicPost }) => publicPost],
  '/:slug/posts/:id/comments/:comment': ['visitor', ({ ownComment }) => ownComment],
  '/:slug/posts/:id/comments/:comment/report': ['visitor', ({ ownComment }) => `${ownComment}/report`],
  '/:slug/posts/:id/comments/:comment/edit': ['visitor', ({ ownComment }) => `${ownComment}/edit`],
  '/:slug/posts/:id/comments/:comment/deletion': ['visitor', ({ ownComment }) => `${ownComment}/deletion`],
  '/records-requests': ['visitor', () => '/records-requests'],
  '/records-requests/new': ['visitor', () => '/records-requests/new'],
  '/records-requests/:code': ['visitor', ({ code }) => `/records-requests/${code}?new`],
  '/log': ['visitor', () => '/log'],
  '/log/consistency': ['visitor', () => '/log/consistency?older=1'],
  '/set-up/:token': ['visitor', () => '/set-up/used'],
  '/sign-in': ['visitor', () => '/sign-in'],
  '/sign-in/code': ['visitor', () => '/sign-in/code'],
  '/invitation/:token': ['visitor', ({ invitation }) => `/invitation/${invitation}`],
  '/second-factor': ['chief', () => '/second-factor'],
  '/account': ['chief', () => '/account'],
  '/*': ['visitor', () => '/nothing/is/here'],
  '/console': ['chief', () => '/console'],
  '/console/pages': ['chief', () => '/console/pages'],
  '/console/pages/new': ['chief', () => '/console/pages/new'],
  '/console/pages/:id': ['chief', ({ page }) => `/console/pages/${page}`],
  '/console/pages/:id/approval': ['chief', ({ waitingPage }) => `/console/pages/${waitingPage}/approval`],
  '/console/pages/:id/refusal': ['chief', ({ waitingPage }) => `/console/pages/${waitingPage}/refusal`],
  '/console/pages/:id/connection': ['chief', ({ page }) => `/console/pages/${page}/connection`],
  '/console/pages/:id/edit': ['chief', ({ page }) => `/console/pages/${page}/edit`],
  '/console/posts': ['pio', () => '/console/posts'],
  '/console/posts/new': ['pio', () => '/console/posts/new'],
  '/console/posts/:id': ['pio', ({ published }) => `/console/posts/${published}`],
  '/console/posts/:id/draft': ['pio', ({ returned }) => `/console/posts/${returned}/draft`],
  '/console/posts/:id/approval': ['chief', ({ submitted }) => `/console/posts/${submitted}/approval`],
  '/console/posts/:id/return': ['chief', ({ submitted }) => `/console/posts/${submitted}/return`],
  '/console/posts/:id/schedule': ['pio', ({ submitted }) => `/console/posts/${submitted}/schedule`],
  '/console/posts/:id/publication': ['pio', ({ submitted }) => `/console/posts/${submitted}/publication`],
  '/console/posts/:id/deletion': ['pio', ({ published }) => `/console/posts/${published}/deletion`],
  '/console/comments': ['clerk', () => '/console/comments'],
  '/console/automatic-hiding': ['chief', () => '/console/automatic-hiding'],
  '/console/automatic-hiding/:category': ['chief', () => '/console/automatic-hiding/threat'],
  '/console/comments/:id': ['clerk', ({ hidden }) => `/console/comments/${hidden}`],
  '/console/comments/:id/keeping': ['clerk', ({ shown }) => `/console/comments/${shown}/keeping`],
  '/console/comments/:id/removal': ['clerk', ({ shown }) => `/console/comments/${shown}/removal`],
  '/console/comments/:id/restoration': ['clerk', ({ hidden }) => `/console/comments/${hidden}/restoration`],
  '/console/comments/:id/reopening': ['clerk', ({ hidden }) => `/console/comments/${hidden}/reopening`],
  '/console/comments/:id/answer': ['chief', ({ hidden }) => `/console/comments/${hidden}/answer`],
  '/console/comments/:id/answer/approval': [
    'chief',
    ({ hidden }) => `/console/comments/${hidden}/answer/approval`,
  ],
  '/console/comments/:id/answer/withdrawal': [
    'chief',
    ({ hidden }) => `/console/comments/${hidden}/answer/withdrawal`,
  ],
  '/console/comments/:id/question': ['clerk', ({ hidden }) => `/console/comments/${hidden}/question`],
  '/console/comments/:id/question/withdrawal': [
    'chief',
    ({ shown }) => `/console/comments/${shown}/question/withdrawal`,
  ],
  '/console/comments/:id/advice': ['clerk', ({ shown }) => `/console/comments/${shown}/advice`],
  '/console/comments/:id/escalation': ['clerk', ({ hidden }) => `/console/comments/${hidden}/escalation`],
  '/console/escalations': ['detective', () => '/console/escalations?state=all'],
  '/console/escalations/:id': ['lieutenant', ({ escalation }) => `/console/escalations/${escalation}`],
  '/console/escalations/:id/acknowledgement': [
    'lieutenant',
    ({ escalation }) => `/console/escalations/${escalation}/acknowledgement`,
  ],
  '/console/escalations/:id/withdrawal': [
    'chief',
    ({ escalation }) => `/console/escalations/${escalation}/withdrawal`,
  ],
  '/console/escalations/:id/closure': [
    'lieutenant',
    ({ escalation }) => `/console/escalations/${escalation}/closure`,
  ],
  '/console/automatic-hiding/reviews/:decision': [
    'clerk',
    ({ automatic }) => `/console/automatic-hiding/reviews/${automatic}`,
  ],
  '/comment-appeals': ['visitor', () => '/comment-appeals'],
  '/comment-appeals/new': ['visitor', () => '/comment-appeals/new'],
  '/comment-appeals/:code': ['visitor', ({ appealCode }) => `/comment-appeals/${appealCode}?new`],
  '/console/comments/:id/author': ['clerk', ({ hidden }) => `/console/comments/${hidden}/author`],
  '/console/comments/:id/block': ['clerk', ({ hidden }) => `/console/comments/${hidden}/block`],
  '/console/blocks': ['clerk', () => '/console/blocks'],
  '/console/blocks/:id': ['clerk', ({ block }) => `/console/blocks/${block}`],
  '/console/blocks/:id/agreement': ['clerk', ({ block }) => `/console/blocks/${block}/agreement`],
  '/console/blocks/:id/refusal': ['clerk', ({ block }) => `/console/blocks/${block}/refusal`],
  '/console/blocks/:id/end': ['clerk', ({ block }) => `/console/blocks/${block}/end`],
  '/console/comments/posts': ['clerk', () => '/console/comments/posts'],
  '/console/incidents': ['clerk', () => '/console/incidents'],
  '/console/incidents/new': ['chief', () => '/console/incidents/new'],
  '/console/incidents/:id': ['clerk', ({ incident }) => `/console/incidents/${incident}`],
  '/console/incidents/:id/slowing': ['chief', ({ incident }) => `/console/incidents/${incident}/slowing`],
  '/console/incidents/:id/holds/new': ['chief', ({ incident }) => `/console/incidents/${incident}/holds/new`],
  '/console/second-looks': ['chief', () => '/console/second-looks'],
  '/console/second-looks/:id': ['clerk', ({ secondLook }) => `/console/second-looks/${secondLook}`],
  '/console/consistency': ['chief', () => '/console/consistency'],
  '/console/appeals': ['clerk', () => '/console/appeals'],
  '/console/appeals/:id': ['clerk', ({ appeal }) => `/console/appeals/${appeal}`],
  '/console/appeals/:id/decision': ['clerk', ({ appeal }) => `/console/appeals/${appeal}/decision`],
  '/console/archive': ['records', () => '/console/archive'],
  '/console/archive/searches': ['records', () => '/console/archive/searches'],
  '/console/archive/reading': ['records', () => '/console/archive/reading'],
  '/console/archive/:id': ['records', ({ record }) => `/console/archive/${record}`],
  '/console/captures': ['records', () => '/console/captures'],
  '/console/captures/new': ['records', ({ page }) => `/console/captures/new?page=${page}`],
  '/console/captures/:id': ['records', ({ capture }) => capture],
  '/console/captures/:id/attempt': ['records', ({ capture }) => `${capture}/attempt`],
  '/console/imports': ['records', () => '/console/imports'],
  '/console/imports/new': ['records', () => '/console/imports/new'],
  '/console/imports/:id': ['records', ({ history }) => history],
  '/console/imports/:id/cancellation': ['records', ({ history }) => `${history}/cancellation`],
  '/console/imports/uploads/:id/removal': ['records', ({ upload }) => `${upload}/removal`],
  '/console/requests': ['records', () => '/console/requests'],
  '/console/requests/new': ['records', () => '/console/requests/new'],
  '/console/requests/closed-days': ['records', () => '/console/requests/closed-days'],
  '/console/requests/:id': ['records', ({ request }) => `/console/requests/${request}`],
  '/console/requests/:id/collection': [
    'records',
    ({ request }) => `/console/requests/${request}/collection?words=storm`,
  ],
  '/console/requests/:id/production': ['records', ({ request }) => `/console/requests/${request}/production`],
  '/console/log': ['systems', () => '/console/log'],
  '/console/requests/report': ['records', () => '/console/requests/report'],
  '/console/requests/settings': ['records', () => '/console/requests/settings'],
  '/console/requests/tasks/:task': ['records', ({ task }) => task],
  '/console/requests/:id/letters': ['records', ({ request }) => `/console/requests/${request}/letters`],
  '/console/requests/:id/letters/sent/:letter': ['records', ({ letter }) => letter],
  '/console/requests/:id/letters/:template': [
    'records',
    ({ request }) => `/console/requests/${request}/letters/denial`,
  ],
  '/console/requests/:id/petition': ['records', ({ request }) => `/console/requests/${request}/petition`],
  '/console/requests/:id/fee': ['records', ({ request }) => `/console/requests/${request}/fee`],
  '/console/requests/:id/tasks': ['records', ({ request }) => `/console/requests/${request}/tasks`],
  '/console/requests/:id/messages': ['records', ({ request }) => `/console/requests/${request}/messages`],
  '/console/requests/:id/appeal': ['records', ({ request }) => `/console/requests/${request}/appeal`],
  '/console/requests/:id/review': [
    'records',
    ({ request }) => `/console/requests/${request}/review?state=all`,
  ],
  '/console/requests/:id/review/:record': [
    'records',
    ({ request, record }) => `/console/requests/${request}/review/${record}`,
  ],
  '/console/requests/:id/productions/:production/certificate': [
    'records',
    ({ request, production }) => `/console/requests/${request}/productions/${production}/certificate`,
  ],
  '/console/requests/:id/productions/:production/publication': [
    'records',
    ({ request, production }) => `/console/requests/${request}/productions/${production}/publication`,
  ],
  '/records-requests/reading-room': ['visitor', () => '/records-requests/reading-room'],
  '/console/policy': ['systems', () => '/console/policy'],
  '/console/policy/:number': ['systems', () => '/console/policy/IV.A.2.iv.1'],
  '/console/people': ['chief', () => '/console/people'],
  '/console/people/new': ['chief', () => '/console/people/new'],
  '/console/people/:id': ['chief', ({ person }) => `/console/people/${person}`],
  '/console/department': ['systems', () => '/console/department'],
}

/** The same for what only a department with a long past has to show. */
const retentionVisits: Record<string, (places: RetentionPlaces) => string> = {
  '/console/retention': () => '',
  '/console/retention/holds': () => '/holds',
  '/console/retention/holds/new': () => '/holds/new',
  '/console/retention/holds/:id': ({ hold }) => `/holds/${hold}`,
  '/console/retention/holds/:id/scope': ({ hold }) => `/holds/${hold}/scope`,
  '/console/retention/holds/:id/release': ({ hold }) => `/holds/${hold}/release`,
  '/console/retention/holds/:id/merge': ({ hold }) => `/holds/${hold}/merge`,
  '/console/retention/dispositions': () => '/dispositions',
  '/console/retention/dispositions/new': () => '/dispositions/new',
  '/console/retention/dispositions/:id': ({ proposed }) => `/dispositions/${proposed}`,
  '/console/retention/dispositions/:id/exception': ({ proposed, file }) =>
    `/dispositions/${proposed}/exception?kind=post&thing=${file}`,
  '/console/retention/dispositions/:id/permission': ({ proposed }) => `/dispositions/${proposed}/permission`,
  '/console/retention/dispositions/:id/approval': ({ proposed }) => `/dispositions/${proposed}/approval`,
  '/console/retention/dispositions/:id/refusal': ({ proposed }) => `/dispositions/${proposed}/refusal`,
  '/console/retention/dispositions/:id/order': ({ proposed }) => `/dispositions/${proposed}/order`,
  '/console/retention/dispositions/:id/cancellation': ({ proposed }) =>
    `/dispositions/${proposed}/cancellation`,
  '/console/retention/dispositions/:id/certificate': ({ finished }) =>
    `/dispositions/${finished}/certificate`,
}
type RetentionPlaces = Awaited<ReturnType<typeof retentionPlaces>>

type Places = Awaited<ReturnType<typeof placesIn>> & {
  request: string
  code: string
  record: string
  letter: string
  task: string
  history: string
  upload: string
  capture: string
  production: string
}

describe('every screen', async () => {
  const chromium = useChromium()
  const town = await servedInstallation({ secondFactor: false })
  const { baseUrl } = town
  const present = new Map<Visitor, Page>()
  let places: Places

  beforeAll(async () => {
    await fillTown(town, { posts: 8, comments: 60 })
    await registerRequestJobs(town, { folder: await scratchFolder() })
    await registerCaptureJobs(town, { folder: await scratchFolder() })
    await sequence(town.db, town.logKey)
    const visitor = await as('visitor')
    places = { ...(await placesIn(town, visitor)), ...(await answered()) }
  })

  /** Somebody's browser; they sign in when they are first needed. */
  async function as(who: Visitor): Promise<Page> {
    const page = present.get(who) ?? (await chromium.someone())
    const person = people.find(({ key }) => key === who)
    if (person && !present.has(who)) {
      await signInAs(page, baseUrl, person.key)
      await onScreen(page, 'Today')
    }
    present.set(who, page)
    return page
  }

  /** Goes through a request, so that each of its screens has something to show. */
  async function answered() {
    const page = await as('records')
    const received = await receiveByForm(
      town,
      { text: 'Everything about Mill Street.', name: 'Gary Pelletier', contact: {} },
      '192.0.2.7',
    )
    if (!('done' in received)) throw new Error(JSON.stringify(received))
    const { id: request, code } = received.done
    const { id: record } = await town.db
      .selectFrom('record')
      .select('id')
      .where('kind', '=', 'post.publication')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const here = `${baseUrl}/console/requests/${request}`
    await page.goto(`${here}/letters/acknowledgement`)
    await press(page, 'Send')
    await page.waitForURL(/\/letters\/sent\//)
    const letter = new URL(page.url()).pathname
    await page.goto(`${here}/tasks`)
    await fill(page, {
      'What is to be done': 'Search your mail for Mill Street.',
      'By when': dayFromToday(3),
    })
    await page.getByLabel('Who does it').selectOption({ label: 'Priya Raman' })
    await press(page, 'Give the task')
    const task = await page
      .getByRole('link', { name: 'Search your mail for Mill Street.' })
      .getAttribute('href')
    await page.goto(`${here}/collection?kind=post.publication`)
    await press(page, 'Add all that the search finds')
    await page.getByRole('table', { name: 'In the collection' }).waitFor()
    await page.goto(`${here}/review`)
    await tick(page, 'All that waits for review')
    await press(page, 'Release them')
    await follow(page, 'Produce them')
    await tick(page, 'Let the requester download it')
    await page.getByRole('button', { name: /^Produce \d+ records$/ }).click()
    await page.getByText('Waiting to begin').waitFor()
    await town.jobs.run('request.produce')
    const production = await town.db
      .selectFrom('production')
      .select('id')
      .where('request_id', '=', request)
      .executeTakeFirstOrThrow()
    await page.goto(`${baseUrl}/console/imports/new`)
    await field(page, 'Page whose history this is').selectOption({ index: 1 })
    await field(page, 'File').setInputFiles({
      name: 'feed.xml',
      mimeType: 'application/atom+xml',
      buffer: Buffer.from('<feed xmlns="http://www.w3.org/2005/Atom"><title>Old news</title></feed>'),
    })
    const pageOfHistory = await field(page, 'Page whose history this is').inputValue()
    await page.locator('form[enctype] button[type=submit]').click()
    await page.waitForURL(/\/imports\/[0-9a-f-]{36}$/)
    const history = new URL(page.url()).pathname
    const upload = await page.evaluate(async (of) => {
      const answer = await fetch('/console/imports/uploads', {
        method: 'POST',
        headers: {
          'Tus-Resumable': '1.0.0',
          'Upload-Length': '5000000000',
          'Upload-Metadata': `page ${btoa(of)},filename ${btoa('takeout.zip')}`,
        },
      })
      return answer.headers.get('Location') ?? ''
    }, pageOfHistory)
    // One that failed has the most to show; captures.test.ts looks at one that did not.
    town.browser = { path: '/nowhere/chromium' }
    await page.goto(`${baseUrl}/console/captures/new`)
    await fill(page, { Address: 'https://example.org/parade', Why: 'A complaint names this page.' })
    await press(page, 'Capture it')
    await page.waitForURL(/\/captures\/[0-9a-f-]{36}$/)
    const capture = new URL(page.url()).pathname
    await town.jobs.run('capture.page')
    return {
      capture,
      history,
      upload,
      request,
      code,
      record,
      letter,
      task: task ?? '',
      production: production.id,
    }
  }

  test('is in the list of these visits', () => {
    expect(screensIn(routes).sort()).toEqual([...Object.keys(visits), ...Object.keys(retentionVisits)].sort())
  })

  test.each(Object.keys(visits))('%s is for everybody', async (route) => {
    const [who, at] = visits[route] ?? ['visitor', () => '/']
    const page = await as(who)
    const answer = await page.goto(baseUrl + at(places))
    expect(answer?.status()).toBe(route === '/*' ? 404 : 200)
    expect(await page.title()).not.toBe('')
    await expectForEverybody(page)
  })

  test.each<[PersonKey, string[]]>([
    ['pio', ['Write a post', 'Go on writing', 'Delete', 'Register a page', 'Change', 'Capture as seen']],
    // Whoever answers for the records writes none of them.
    ['records', ['Capture as seen']],
    ['systems', ['Register a page', 'Change', 'Invite somebody', 'Unlock after failed attempts']],
    ['dispatcher', ['Capture as seen']],
  ])('%s is offered what the policy lets them do, and nothing else', async (who, expected) => {
    const page = await as(who)
    const { returned, page: official, person } = places
    const offered: string[] = []
    for (const at of [
      'posts',
      `posts/${returned}`,
      'pages',
      `pages/${official}`,
      'people',
      `people/${person}`,
    ]) {
      await page.goto(`${baseUrl}/console/${at}`)
      offered.push(...(await page.locator('main .usa-button').allTextContents()))
    }
    const steps = new Set(offered.map((button) => button.trim()))
    // Not a step: it narrows the list of posts.
    steps.delete('Filter')
    expect([...steps]).toEqual(expected)
  })

  test.each(people)('Today of $name, $title, is for everybody', async ({ key }) => {
    const page = await as(key)
    await page.goto(`${baseUrl}/console`)
    await onScreen(page, 'Today')
    await expectForEverybody(page)
  })
})

describe('every screen of retention', async () => {
  const chromium = useChromium()
  const town = await past()
  const { baseUrl, auth, db } = await served(town.installation, { secondFactor: false })
  let officer: Page
  let places: RetentionPlaces

  beforeAll(async () => {
    places = await retentionPlaces(town)
    await db.transaction().execute((tx) => auth.setPassword(tx, town.officer.id, demoPassword))
    officer = await chromium.someone()
    await officer.goto(`${baseUrl}/sign-in`)
    await fill(officer, { 'E-mail address': town.officer.email, Password: demoPassword })
    await press(officer, 'Sign in')
    await onScreen(officer, 'Today')
  })

  test.each(Object.entries(retentionVisits))('%s is for everybody', async (_route, at) => {
    const answer = await officer.goto(`${baseUrl}/console/retention${at(places)}`)
    expect(answer?.status()).toBe(200)
    expect(await officer.title()).not.toBe('')
    await expectForEverybody(officer)
  })
})

/** Two holds, a run that is proposed, and one that has its certificate. */
async function retentionPlaces(town: Awaited<ReturnType<typeof past>>) {
  const { installation, officer } = town
  await town.closedComment('Is the bridge open?')
  const finished = await town.orderedRun('comments')
  await installation.jobs.run(disposeQueue)
  const file = await town.closedPost('The bridge is open.')
  const proposed = await town.propose('posts')
  const [hold] = await Promise.all(
    ['Doyle v. Millbrook', 'Claim of A. Quill'].map((matter) =>
      placeHold(installation, officer, {
        matter,
        reason: 'A claim was announced.',
        custodians: 'The public information officer was told on the telephone.',
        scopes: [{ words: 'parade' }],
      }),
    ),
  )
  return { hold: hold && 'done' in hold ? hold.done : '', proposed, finished, file }
}

/** The addresses of all routes that show something. What only answers with data or a file has no screen: its module is a .ts. */
function screensIn(entries: readonly RouteConfigEntry[], base = ''): string[] {
  return entries.flatMap(({ path, file, children }) => {
    const here = path ? `${base}/${path}` : base
    if (children) return screensIn(children, here)
    return file.endsWith('.tsx') ? [here || '/'] : []
  })
}

/** Something of each kind in the filled town; the visitor writes a comment of their own for it. */
async function placesIn(town: Awaited<ReturnType<typeof servedInstallation>>, visitor: Page) {
  const { db, baseUrl } = town
  const post = async (state: 'published' | 'submitted' | 'returned') =>
    (
      await db
        .selectFrom('post_state')
        .select('post as id')
        .where('state', '=', state)
        .executeTakeFirstOrThrow()
    ).id
  const [news, explorers] = await db.selectFrom('page').select('id').orderBy('id').execute()
  const staff = await everybody(db)
  const chief = staff.find(({ roles }) => roles.includes('chief-executive'))
  if (!chief) throw new Error('The town has no chief.')
  const invited = await invite(town, chief, {
    name: 'Ana Lopes',
    title: 'Officer',
    email: 'ana.lopes@wexfordfalls.example',
    roles: ['member'],
  })

  await visitor.goto(`${baseUrl}/news`)
  await visitor.getByRole('article').getByRole('link').first().click()
  const publicPost = new URL(visitor.url()).pathname
  await fill(visitor, { 'Your name': 'Jo', 'Your comment': 'Is the sidewalk open?' })
  await press(visitor, 'Post the comment')
  await fill(visitor, { 'Your name': 'Jo', 'Your comment': 'Cheap watches at watches.example' })
  await press(visitor, 'Post the comment')
  await visitor.getByText('Cheap watches').waitFor()
  const [hidden, shown] = await db.selectFrom('comment').select('id').orderBy('id', 'desc').limit(2).execute()
  if (!hidden || !shown) throw new Error('The visitor’s comments were not taken.')
  await hideComment(town, chief, hidden.id, { revision: 1, reason: 'off-topic' })
  await askColleague(town, chief, shown.id, { asked: null, note: 'Does this belong here?' })
  const told = await escalate(town, chief, shown.id, { kind: 'threat', note: 'Please look.' })
  // What a proposal looks like; that it needs three removals is tested elsewhere.
  const block = newId()
  await insertBlock(
    db as unknown as Tx,
    {
      id: block,
      page: (await commentById(db, hidden.id))?.page ?? ('' as never),
      comment: hidden.id,
      author_remote_id: (await commentById(db, hidden.id))?.author_remote_id ?? '',
      reason: 'flooding',
      clause: 'IV.A.2.iv.1',
      days: 7,
      narrower: 'There is an advertisement a minute.',
      client_id: block,
      by: chief.id,
      at: new Date(),
    },
    [],
  )
  await switchOn(town, chief, 'threat', { threshold: 0.9, sample: 1, why: 'Nobody moderates at night.' })
  const under = await commentById(db, shown.id)
  if (!under) throw new Error('The comment is gone.')
  await submitComment(town, {
    page: under.page,
    publication: under.publication,
    name: 'Al',
    text: 'I know where you live, Daniel. I will burn your house down.',
    honeypot: '',
    clientAddress: '192.0.2.11',
  })
  const [automatic] = await reviewsWaiting(db, 1)
  const declared = await declareIncident(town, chief, {
    reason: 'The bridge is closed, and everybody writes.',
    pages: news ? [news.id] : [],
    hours: 2,
  })
  const removal = await db
    .selectFrom('comment_decision')
    .select('id')
    .where('comment', '=', hidden.id)
    .executeTakeFirstOrThrow()
  await db.insertInto('second_look_month').values({ month: '2026-01', a_month: 1, at: new Date() }).execute()
  await db.insertInto('second_look').values({ decision: removal.id, month: '2026-01' }).execute()
  const { code_sealed } = await db
    .selectFrom('comment_notice')
    .select('code_sealed')
    .where('comment', '=', hidden.id)
    .executeTakeFirstOrThrow()
  const appealCode = openCode(town, code_sealed ?? '')
  await fileAppeal(town, { code: appealCode, text: 'My watches are about time.' }, '192.0.2.9')
  const appeal = await db.selectFrom('comment_appeal').select('id').executeTakeFirstOrThrow()
  await visitor.reload()
  const edit = await visitor.getByRole('link', { name: 'Change', exact: true }).first().getAttribute('href')
  return {
    publicPost,
    ownComment: edit?.replace(/\/edit$/, '') ?? '',
    invitation: 'done' in invited ? invited.done : '',
    page: news?.id,
    waitingPage: explorers?.id,
    published: await post('published'),
    submitted: await post('submitted'),
    returned: await post('returned'),
    shown: shown.id,
    hidden: hidden.id,
    escalation: 'done' in told ? told.done.escalation : '',
    secondLook: removal.id,
    appeal: appeal.id,
    block,
    automatic: automatic?.decision,
    incident: 'done' in declared ? declared.done : '',
    appealCode,
    person: staff.find(({ id }) => id !== chief.id)?.id,
  }
}
