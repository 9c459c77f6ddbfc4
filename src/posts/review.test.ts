import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { beforeAll, expect, test } from 'vitest'
import { done, town } from '../../test/town.ts'
import { addImage, removeImage, saveDraft } from './draft.ts'
import { publishNow } from './publication.ts'
import { approvePost, sendBack, submitPost } from './review.ts'
import { listPosts, postById } from './store.ts'
import { waitingFor } from './waiting.ts'

let millbrook: Awaited<ReturnType<typeof town>>
beforeAll(async () => {
  millbrook = await town()
})

test('two reviewers at once: one wins, the other is told who it was', async () => {
  const { installation, draft, author, chief, osei } = millbrook
  const post = await draft('The bridge is open again.')
  done(await submitPost(installation, author, post.id, post.version))
  const answers = await Promise.all([
    approvePost(installation, chief, post.id, post.version),
    sendBack(installation, osei, post.id, post.version, 'Which bridge?'),
  ])
  expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
  expect(answers.find((answer) => 'problems' in answer)).toHaveProperty(
    'problems.form',
    expect.stringMatching(
      /^(Chief Maria Rivera approved this|Lt\. Dana Osei sent this back) a moment ago\.$/,
    ),
  )
})

test('an edit after the approval voids it', async () => {
  const { installation, approved, author, chief, page } = millbrook
  const post = await approved('Open house on Saturday.')
  const { version } = post
  done(
    await saveDraft(installation, author, post.id, {
      version,
      text: 'Open house on Sunday.',
      link: '',
      pages: [page],
      alts: {},
    }),
  )
  expect((await postById(installation.db, post.id))?.state).toBe('draft')
  expect(await publishNow(installation, chief, post.id, version)).toHaveProperty(
    'problems.form',
    expect.stringMatching(/new approval/),
  )
  expect(await publishNow(installation, chief, post.id, version + 1)).toHaveProperty('denied')
})

test('saving the same words again keeps version and approval', async () => {
  const { installation, approved, author, page } = millbrook
  const post = await approved('Same words.')
  const { version } = post
  const saved = await saveDraft(installation, author, post.id, {
    version,
    text: 'Same words.',
    link: '',
    pages: [page],
    alts: {},
  })
  expect(done(saved)).toMatchObject({ version })
  expect((await postById(installation.db, post.id))?.state).toBe('approved')
})

test('nobody overwrites what they have not seen', async () => {
  const { installation, draft, author, pio, page } = millbrook
  const { id, version } = await draft('First.')
  done(
    await saveDraft(installation, pio, id, { version, text: 'By Sam.', link: '', pages: [page], alts: {} }),
  )
  const late = await saveDraft(installation, author, id, {
    version,
    text: 'By Lee.',
    link: '',
    pages: [page],
    alts: {},
  })
  expect(late).toHaveProperty('problems.form', expect.stringMatching(/^Sam Whitcomb changed this post/))
  expect((await postById(installation.db, id))?.text).toBe('By Sam.')
})

test('whoever changed a post does not approve it', async () => {
  const { installation, draft, author, osei, page } = millbrook
  const { id, version } = await draft('Snow ban tonight.')
  const saved = done(
    await saveDraft(installation, osei, id, {
      version,
      text: 'Snow parking ban tonight.',
      link: '',
      pages: [page],
      alts: {},
    }),
  )
  done(await submitPost(installation, author, id, saved.version))
  expect(await approvePost(installation, osei, id, saved.version)).toHaveProperty('denied')
  const own = await draft('Mine.')
  done(await submitPost(installation, author, own.id, own.version))
  expect(await approvePost(installation, author, own.id, own.version)).toHaveProperty('denied')
})

test('what is missing is said beside its field', async () => {
  const { installation, draft, author } = millbrook
  const empty = await draft(' ', [])
  expect(await submitPost(installation, author, empty.id, empty.version)).toMatchObject({
    problems: { text: expect.any(String), pages: expect.any(String) },
  })
  const long = await draft('x'.repeat(300))
  expect(await submitPost(installation, author, long.id, long.version)).toHaveProperty(
    'problems.text',
    expect.stringMatching(/too long for “Town square”/),
  )
  const { id, version } = await draft('A link.')
  expect(
    await saveDraft(installation, author, id, {
      version,
      text: 'A link.',
      link: 'javascript:alert(1)',
      pages: [],
      alts: {},
    }),
  ).toHaveProperty('problems.link')
})

test('a statement of guilt is not submitted, and the refusal is on record', async () => {
  const { installation, draft, author, records } = millbrook
  const post = await draft('He is guilty of the robbery.')
  expect(await submitPost(installation, author, post.id, post.version)).toHaveProperty(
    'denied.allowed',
    false,
  )
  expect((await records('decision.refusal')).length).toBeGreaterThan(0)
})

test('an image needs a description, is kept once, and can be taken out', async () => {
  const { installation, draft, author } = millbrook
  const { id, version } = await draft('With a picture.')
  const file = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#357' } })
    .png()
    .toBuffer()
  const added = done(await addImage(installation, author, id, version, file, ''))
  const image = (await postById(installation.db, id))?.images[0]
  expect(image).toMatchObject({ width: 40, height: 30, alt: '' })
  expect(await submitPost(installation, author, id, added.version)).toHaveProperty(
    `problems.alt-${image?.id}`,
  )
  expect(await addImage(installation, author, id, added.version, null, '')).toHaveProperty(
    'problems.image',
    expect.stringMatching(/larger than 25 MB/),
  )
  expect(
    await addImage(installation, author, id, added.version, await readFile(import.meta.filename), ''),
  ).toHaveProperty('problems.image', expect.stringMatching(/not an image/))
  done(await removeImage(installation, author, id, added.version, image?.id ?? ''))
  expect((await postById(installation.db, id))?.images).toEqual([])
})

test('Today tells a reviewer what waits, and an author what came back', async () => {
  const { installation, draft, author, chief, osei } = millbrook
  const { db, policy } = installation
  const post = await draft('Please review this.')
  done(await submitPost(installation, author, post.id, post.version))
  expect(await waitingFor(db, chief, policy)).toContainEqual(
    expect.objectContaining({ kind: 'post.approval', title: 'Please review this.' }),
  )
  expect((await waitingFor(db, author, policy)).map(({ kind }) => kind)).not.toContain('post.approval')
  done(await sendBack(installation, osei, post.id, post.version, 'Too short.'))
  expect(await waitingFor(db, author, policy)).toContainEqual(
    expect.objectContaining({ kind: 'post.return' }),
  )
})

test('the list filters by state, page and words', async () => {
  const { installation, draft, page } = millbrook
  await draft('A 100% unusual_word here.')
  const found = await listPosts(installation.db, {
    words: '100% unusual_word',
    state: 'draft',
    page,
    skip: 0,
    take: 5,
  })
  expect(found).toMatchObject({ count: 1, posts: [{ text: 'A 100% unusual_word here.' }] })
  expect((await listPosts(installation.db, { words: '100x unusual', skip: 0, take: 5 })).count).toBe(0)
})
