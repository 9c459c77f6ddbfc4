import { createHmac } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { newId } from '../storage/ids.ts'
import {
  acceptInvitation,
  appointDesignee,
  departmentProfile,
  editDepartment,
  endDesignee,
  endPerson,
  invitationOf,
  invite,
  issueSetUpLink,
  type Person,
  people,
  personById,
  setRoles,
  setUp,
  setUpForm,
  setUpLinkIsGood,
  unlock,
} from './department.ts'

const form = setUpForm.parse({
  department: 'Millbrook Police Department',
  town: 'Millbrook',
  time_zone: 'America/New_York',
  website: 'https://millbrook.example',
  contact_phone: '555-0100',
  name: 'Maria Rivera',
  title: 'Chief',
  email: 'Chief@Millbrook.example',
  password: 'four good words here',
})
const origin = (cookies: readonly string[] = []) =>
  new Headers({
    origin: 'http://localhost:4370',
    cookie: cookies.map((one) => one.split(';')[0]).join('; '),
  })

let here: Awaited<ReturnType<typeof testInstallation>>
let chief: Person
beforeAll(async () => {
  here = await testInstallation()
})

function totp(uri: string, at = Date.now()): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret]
    .map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const offset = (mac[19] ?? 0) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

describe('set-up', () => {
  test('takes a good link once', async () => {
    const old = await issueSetUpLink(here)
    const token = await issueSetUpLink(here)
    expect(await setUpLinkIsGood(here, old ?? '')).toBe(false)
    expect(await setUp(here, 'no such link', form)).toHaveProperty('problems.form')
    const both = await Promise.all([setUp(here, token ?? '', form), setUp(here, token ?? '', form)])
    expect(both.filter((one) => 'done' in one)).toHaveLength(1)
    expect(await departmentProfile(here.db)).toMatchObject({
      name: form.department,
      timeZone: 'America/New_York',
    })
    const [first] = await people(here.db)
    chief = first as Person
    expect(chief).toMatchObject({
      email: 'chief@millbrook.example',
      roles: ['chief-executive', 'information-services'],
    })
    expect(await issueSetUpLink(here)).toBeNull()
  })
  test('refuses what is not complete, beside its field', () => {
    const read = setUpForm.safeParse({
      ...form,
      password: 'short',
      website: 'millbrook',
      time_zone: 'Nowhere',
    })
    expect(read.error?.issues.map((issue) => issue.path[0]).sort()).toEqual([
      'password',
      'time_zone',
      'website',
    ])
  })
})

describe('signing in', () => {
  let session: string[]
  let uri: string
  test('works with the password until a code app is set up', async () => {
    const answer = await here.auth.signIn('CHIEF@millbrook.example ', form.password, origin())
    expect(answer.outcome).toBe('in')
    session = 'cookies' in answer ? answer.cookies : []
    expect(await here.auth.signedIn(origin(session))).toMatchObject({
      person: { id: chief.id },
      secondFactor: false,
    })
    expect(await here.auth.beginCodes('not the password', origin(session))).toBeNull()
    const begun = await here.auth.beginCodes(form.password, origin(session))
    uri = begun?.uri ?? ''
    expect(begun?.backupCodes.length).toBeGreaterThan(5)
    expect(await here.auth.confirmCodes('000000', origin(session))).toMatchObject({ outcome: 'refused' })
    const confirmed = await here.auth.confirmCodes(totp(uri), origin(session))
    expect(confirmed.outcome).toBe('in')
    if ('cookies' in confirmed && confirmed.cookies.length > 0) session = confirmed.cookies
    expect(await here.auth.signedIn(origin(session))).toMatchObject({ secondFactor: true })
  })
  test('then asks for the code', async () => {
    const first = await here.auth.signIn(chief.email, form.password, origin())
    expect(first.outcome).toBe('code')
    const cookies = 'cookies' in first ? first.cookies : []
    expect(await here.auth.signedIn(origin(cookies))).toBeNull()
    expect(await here.auth.verifyCode('123', origin(cookies))).toMatchObject({ outcome: 'refused' })
    const second = await here.auth.verifyCode(totp(uri), origin(cookies))
    expect(second.outcome).toBe('in')
    expect(await here.auth.signedIn(origin('cookies' in second ? second.cookies : []))).not.toBeNull()
  })
  test('pauses after five failures, and is unlocked by whoever may', async () => {
    for (let n = 0; n < 5; n++)
      expect(await here.auth.signIn(chief.email, `wrong ${n} password`, origin())).toMatchObject({
        outcome: 'refused',
      })
    expect(await here.auth.signIn(chief.email, form.password, origin())).toMatchObject({
      outcome: 'refused',
      because: expect.stringContaining('Wait 15 minutes'),
    })
    expect(await unlock(here, chief, chief)).toHaveProperty('done')
    expect((await here.auth.signIn(chief.email, form.password, origin())).outcome).toBe('code')
  })
  test('pauses after five failures that come at the same moment, too', async () => {
    const guesses = Array.from({ length: 12 }, (_, n) => `guess number ${n}`)
    const told = await Promise.all(guesses.map((one) => here.auth.signIn(chief.email, one, origin())))
    const looked = told.filter((one) => 'because' in one && !one.because.startsWith('Too many'))
    expect(looked).toHaveLength(5)
    expect(await unlock(here, chief, chief)).toHaveProperty('done')
  })
  test('goes on with use, and not by what a browser asks by itself', async () => {
    const end = async () => {
      const { rows } = await here.pool.query('select max(expires_at) as at from sign_in_session')
      return rows[0].at.getTime()
    }
    await here.pool.query("update sign_in_session set expires_at = now() + interval '10 minutes'")
    const before = await end()
    expect(await here.auth.signedIn(origin(session), { byItself: true })).not.toBeNull()
    expect(await end()).toBe(before)
    expect(await here.auth.signedIn(origin(session))).not.toBeNull()
    expect(await end()).toBeGreaterThan(before)
  })
  test('ends after half an hour without use', async () => {
    await here.pool.query("update sign_in_session set expires_at = now() - interval '1 second'")
    expect(await here.auth.signedIn(origin(session))).toBeNull()
  })
  test('with an address nobody has says no more than a wrong password', async () => {
    expect(await here.auth.signIn('nobody@millbrook.example', 'something long', origin())).toEqual({
      outcome: 'refused',
      because: 'E-mail address or password is not right.',
    })
  })
})

describe('people', () => {
  let author: Person
  const guest = {
    name: 'Lee Park',
    title: 'Officer',
    email: 'lee@millbrook.example',
    roles: ['author' as const],
  }
  test('join by a link that works once, and is replaced by the next', async () => {
    const first = await invite(here, chief, guest)
    const second = await invite(here, chief, guest)
    const token = 'done' in second ? second.done : ''
    expect(
      await acceptInvitation(here, 'done' in first ? first.done : '', 'words that are long'),
    ).toHaveProperty('problems')
    expect(await invitationOf(here, token)).toMatchObject({ name: 'Lee Park' })
    expect(await acceptInvitation(here, token, 'words that are long')).toEqual({ done: guest.email })
    expect(await acceptInvitation(here, token, 'words that are long')).toHaveProperty('problems.form')
    expect(await invite(here, chief, guest)).toHaveProperty('problems.email')
    author = (await people(here.db)).find((one) => one.email === guest.email) as Person
    expect((await here.auth.signIn(guest.email, 'words that are long', origin())).outcome).toBe('in')
  })
  test('an invitation ends after a week', async () => {
    const answer = await invite(here, chief, { ...guest, email: 'late@millbrook.example' })
    const later = { ...here, now: () => new Date(Date.now() + 8 * 86_400_000) }
    expect(
      await acceptInvitation(later, 'done' in answer ? answer.done : '', 'words that are long'),
    ).toHaveProperty('problems')
  })
  test('do only what their roles allow, and a refusal is on record', async () => {
    expect(await setRoles(here, author, author, ['chief-executive'])).toHaveProperty('denied')
    expect(await invite(here, author, { ...guest, email: 'x@millbrook.example' })).toHaveProperty('denied')
    const refused = await here.db
      .selectFrom('record')
      .select('by_id')
      .where('kind', '=', 'decision.refusal')
      .execute()
    expect(refused.map((one) => one.by_id)).toEqual([author.id, author.id])
    expect(await setRoles(here, chief, author, ['author', 'moderator'])).toHaveProperty('done')
    expect((await personById(here.db, author.id))?.roles).toEqual(['author', 'moderator'])
  })
  test('a designee decides from the first day to the last, by the department’s clock', async () => {
    expect(
      await appointDesignee(here, author, author, { from_day: '2026-03-01', to_day: '2026-03-02' }),
    ).toHaveProperty('denied')
    await appointDesignee(here, chief, author, { from_day: '2026-03-01', to_day: '2026-03-02' })
    const on = async (at: string) => (await personById(here.db, author.id, new Date(at)))?.designee
    expect(await on('2026-03-01T04:59:59Z')).toBe(false)
    expect(await on('2026-03-01T05:00:00Z')).toBe(true)
    expect(await on('2026-03-03T04:59:59Z')).toBe(true)
    expect(await on('2026-03-03T05:00:00Z')).toBe(false)
    await endDesignee(here, chief, author)
    expect(await on('2026-03-02T12:00:00Z')).toBe(false)
  })
  test('who left cannot come in, and is signed out', async () => {
    const entered = await here.auth.signIn(guest.email, 'words that are long', origin())
    const old = origin('cookies' in entered ? entered.cookies : [])
    expect(await here.auth.signedIn(old)).not.toBeNull()
    expect(await endPerson(here, chief, author)).toHaveProperty('done')
    const { rows } = await here.pool.query('select from sign_in_session where user_id = $1', [author.id])
    expect(rows).toEqual([])
    expect(await here.auth.signIn(guest.email, 'words that are long', origin())).toMatchObject({
      outcome: 'refused',
    })
    expect(await personById(here.db, author.id)).toBeNull()
  })
  test('who comes back is who they were, without what they were appointed to; nobody else takes their address', async () => {
    const days = { from_day: '2026-01-01', to_day: '2036-01-01' }
    await here.db
      .insertInto('designee_appointment')
      .values({
        id: newId(),
        person: author.id,
        ...days,
        appointed_by: chief.id,
        appointed_at: here.now(),
        ended_at: null,
      })
      .execute()
    expect(await invite(here, chief, { ...guest, name: 'Somebody Else' })).toMatchObject({
      problems: { email: expect.stringContaining(author.name) },
    })
    const again = await invite(here, chief, { ...guest, title: 'Sergeant' })
    const token = 'done' in again ? again.done : ''
    expect(await acceptInvitation(here, token, 'other words that are long')).toEqual({ done: guest.email })
    expect(await personById(here.db, author.id, here.now())).toMatchObject({
      ...{ id: author.id, title: 'Sergeant', roles: guest.roles, designee: false },
    })
    expect(await here.auth.signIn(guest.email, 'words that are long', origin())).toMatchObject({
      outcome: 'refused',
    })
    expect(await here.auth.signIn(guest.email, 'other words that are long', origin())).not.toMatchObject({
      outcome: 'refused',
    })
    expect(await invite(here, chief, guest)).toHaveProperty('problems.email')
  })
  test('the department’s details change with a record', async () => {
    expect(await editDepartment(here, chief, { ...form, town: 'Millbrook Falls' })).toHaveProperty('done')
    expect((await departmentProfile(here.db))?.town).toBe('Millbrook Falls')
  })
})
