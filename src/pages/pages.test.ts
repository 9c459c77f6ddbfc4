import type { RouteConfigEntry } from '@react-router/dev/routes'
import { beforeAll, expect, test } from 'vitest'
import { done, pageEntry, town } from '../../test/town.ts'
import { ownPage } from '../platforms/own/own.ts'
import routes from '../routes.ts'
import {
  approvedPages,
  approvePage,
  connectPage,
  editPage,
  openAccount,
  pageById,
  refusePage,
  registerPage,
  waitingFor,
} from './pages.ts'

let millbrook: Awaited<ReturnType<typeof town>>
beforeAll(async () => {
  millbrook = await town()
})
const register = async (title: string) =>
  done(await registerPage(millbrook.installation, millbrook.pio, 'fake', { ...pageEntry, title }, []))

test('a page waits for the chief executive or a designee; nobody else approves it', async () => {
  const { installation, chief, osei, pio } = millbrook
  const id = await register('Second page')
  expect((await pageById(installation.db, id))?.state).toBe('waiting')
  expect((await approvedPages(installation.db)).map((page) => page.id)).not.toContain(id)
  expect(await approvePage(installation, pio, id, { revision: 1, reasons: '' })).toHaveProperty(
    'denied.wayForward',
  )
  expect(await waitingFor(installation.db, chief, installation.policy)).toContainEqual(
    expect.objectContaining({ kind: 'page.approval', title: 'Second page' }),
  )
  done(await approvePage(installation, osei, id, { revision: 1, reasons: 'Good.' }))
  expect((await pageById(installation.db, id))?.state).toBe('approved')
})

test('two who decide at once: one wins, the other is told who it was', async () => {
  const { installation, chief, osei } = millbrook
  const id = await register('Contested page')
  const answers = await Promise.all([
    approvePage(installation, chief, id, { revision: 1, reasons: '' }),
    refusePage(installation, osei, id, { revision: 1, reasons: 'Not now.' }),
  ])
  expect(answers.filter((answer) => 'done' in answer)).toHaveLength(1)
  expect(answers.find((answer) => 'problems' in answer)).toHaveProperty(
    'problems.form',
    expect.stringMatching(/(Maria Rivera approved|Dana Osei refused) this page a moment ago/),
  )
})

test('a refusal says why, and a change asks again', async () => {
  const { installation, chief, pio } = millbrook
  const id = await register('Refused page')
  expect(await refusePage(installation, chief, id, { revision: 1, reasons: ' ' })).toHaveProperty(
    'problems.reasons',
  )
  done(await refusePage(installation, chief, id, { revision: 1, reasons: 'The purpose is vague.' }))
  done(
    await editPage(
      installation,
      pio,
      id,
      { ...pageEntry, title: 'Refused page', purpose: 'Only road closures.' },
      [],
    ),
  )
  expect(await pageById(installation.db, id)).toMatchObject({ state: 'waiting', revision: 2 })
  expect(await approvePage(installation, chief, id, { revision: 1, reasons: '' })).toHaveProperty(
    'problems.form',
    expect.stringMatching(/changed since/),
  )
})

test('on approval the profile is written; a refusal by the platform waits for a new connection', async () => {
  const { installation, fake, chief, records } = millbrook
  const before = fake.profiles.length
  await installation.jobs.run('page.introduce')
  const id = await register('Unconnected page')
  done(await approvePage(installation, chief, id, { revision: 1, reasons: '' }))
  await installation.jobs.run('page.introduce')
  expect(await waitingFor(installation.db, chief, installation.policy)).toContainEqual(
    expect.objectContaining({ kind: 'page.connection', detail: expect.stringMatching(/not connected/) }),
  )
  done(await connectPage(installation, chief, id, { handle: 'h', password: 'p' }))
  await installation.jobs.run('page.introduce')
  expect(fake.profiles.length).toBeGreaterThan(before)
  const mine = (await records('page.introduction')).filter((record) => record.page === id)
  expect(mine).toHaveLength(2)
})

test('what a connection holds lies sealed in the database, and an empty secret keeps the old one', async () => {
  const { installation, chief, page, db } = millbrook
  const row = await db
    .selectFrom('page_connection')
    .selectAll()
    .where('page', '=', page)
    .executeTakeFirstOrThrow()
  expect(JSON.stringify(row)).not.toMatch(/open sesame|town\.example/)
  expect(await connectPage(installation, chief, page, { handle: '', password: '' })).toHaveProperty(
    'problems.handle',
  )
  done(await connectPage(installation, chief, page, { handle: 'town.example', password: '' }))
  expect(await openAccount(installation, page)).toMatchObject({ outcome: 'done' })
})

test('a kept secret is not sent to another account or service than it was typed for', async () => {
  const { installation, fake, chief, page } = millbrook
  const asked = fake.connections.length
  expect(await connectPage(installation, chief, page, { handle: 'other.example', password: '' })).toEqual({
    problems: { password: expect.stringContaining('Type it again') },
  })
  expect(fake.connections).toHaveLength(asked)
  done(await connectPage(installation, chief, page, { handle: 'other.example', password: 'for this one' }))
  expect(fake.connections.at(-1)?.fields).toEqual({ handle: 'other.example', password: 'for this one' })
})

test('no page gets an address that this site needs for itself', async () => {
  const { installation, pio } = millbrook
  const firstParts = (entries: readonly RouteConfigEntry[]): string[] =>
    entries.flatMap(({ path, children = [] }) => (path ? [path.split('/')[0] ?? ''] : firstParts(children)))
  const own = {
    ...installation,
    platforms: { ...installation.platforms, all: () => [ownPage(installation)] },
  }
  const free = []
  for (const slug of new Set(firstParts(routes).filter((part) => /^[a-z0-9-]+$/.test(part)))) {
    const answer = await registerPage(own, pio, 'own', { ...pageEntry, slug }, [])
    if (!('problems' in answer && 'slug' in answer.problems)) free.push(slug)
  }
  expect(free).toEqual([])
})

test('wrong credentials are not kept', async () => {
  const { installation, fake, chief } = millbrook
  const id = await register('Wrong password')
  fake.connection({ outcome: 'refused', because: 'Handle or app password is wrong.' })
  expect(await connectPage(installation, chief, id, { handle: 'h', password: 'wrong' })).toEqual({
    problems: { form: 'Handle or app password is wrong.' },
  })
  fake.connection(null)
  expect(await openAccount(installation, id)).toMatchObject({ outcome: 'refused' })
})
