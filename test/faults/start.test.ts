import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { readSettings } from '../../src/settings.ts'
import { type EmbeddedDatabase, startEmbedded } from '../../src/storage/embedded.ts'
import { dataFolder, freePort, launch, startPlainview } from '../plainview.ts'

vi.setConfig({ testTimeout: 240_000 })

/** What a start that can't succeed says; it must be words for people, and end with code 1. */
async function refusal(how: Parameters<typeof launch>[0]): Promise<string> {
  const plainview = await launch(how)
  expect(await plainview.ended).toBe(1)
  const said = plainview.output().trim()
  expect(said).not.toMatch(/^\s+at |node:internal|\.ts:\d|Error:/m)
  expect(said.split('\n')).toHaveLength(1)
  return said
}

test.each([
  [{ PORT: 'eighty' }, 'PORT has to be a number. Now it is “eighty”.'],
  [{ PORT: '70000' }, 'PORT has to be from 1 to 65535. Now it is “70000”.'],
  [{ PLAINVIEW_URL: 'social.town.gov' }, /^PLAINVIEW_URL has to be the whole address/],
  [{ PLAINVIEW_URL: 'https://town.gov/social' }, /without a path/],
  [{ PLAINVIEW_LOG: 'loud' }, /^PLAINVIEW_LOG has to be one of trace, debug/],
  [
    { PLAINVIEW_TRUST_PROXY: 'perhaps' },
    'PLAINVIEW_TRUST_PROXY has to be true or false. Now it is “perhaps”.',
  ],
  [{ DATABASE_URL: 'mysql://root:swordfish@db/x' }, /^DATABASE_URL has to look like postgres:/],
])('a setting that can’t be used is told in a sentence: %o', (env, sentence) => {
  const said = (() => {
    try {
      readSettings(env)
    } catch (error) {
      return (error as Error).message
    }
  })()
  expect(said).toMatch(sentence)
  expect(said).not.toContain('swordfish')
})
test('an empty setting is none, and flags are read as words', () => {
  expect(readSettings({ PORT: '', DATABASE_URL: '', PLAINVIEW_TRUST_PROXY: '0' })).toMatchObject({
    port: 4370,
    databaseUrl: null,
    trustProxy: false,
    baseUrl: 'http://localhost:4370',
  })
  expect(readSettings({ PLAINVIEW_URL: 'https://a.example/' }).baseUrl).toBe('https://a.example')
})
test('the documented settings are those that are read', async () => {
  const documented = new Set(
    (await readFile('docs/operations.md', 'utf8')).match(/(?<=^\| `)[A-Z_0-9]+(?=`)/gm),
  )
  const sources = await Promise.all(
    ['src/settings.ts', 'src/platforms/archives/limits.ts'].map((file) => readFile(file, 'utf8')),
  )
  const read = new Set(sources.join('\n').match(/\b(PLAINVIEW_[A-Z0-9_]+|DATABASE_URL|PORT|AWS_REGION)\b/g))
  expect([...documented].filter((name) => !read.has(name))).toEqual([])
  expect([...read].filter((name) => !documented.has(name))).toEqual([])
})

test('a port that is taken', async () => {
  const other = net.createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const { port } = other.address() as net.AddressInfo
  expect(await refusal({ port })).toBe(
    `Port ${port} is taken by another program. Stop that program, or set PORT to another number.`,
  )
})
test('a data folder that is a file, or of somebody else', async () => {
  const folder = await dataFolder()
  const file = path.join(folder, 'file')
  await writeFile(file, '')
  expect(await refusal({ folder: file })).toMatch(/^The data folder .* can’t be used \(EEXIST\)\./)
  const locked = path.join(folder, 'locked')
  await mkdir(locked)
  await chmod(locked, 0o500)
  await chmod(folder, 0o755)
  // Root may write everywhere: then another user tries.
  const uid = process.getuid?.() === 0 ? 65534 : undefined
  expect(await refusal({ folder: locked, ...(uid === undefined ? {} : { uid }) })).toMatch(
    /^The data folder .* can’t be used \(EACCES\)\. Make it, let this user write/,
  )
})
test.each(['master-key', 'log-key', 'postgres-password'])('a damaged key file: %s', async (name) => {
  const folder = await dataFolder()
  // As a power cut leaves a file that was not synced.
  await writeFile(path.join(folder, name), '\0\0\0')
  expect(await refusal({ folder })).toMatch(
    new RegExp(`^The key file .*${name} is damaged\\. Put it back from where the keys are kept`),
  )
  expect(await readFile(path.join(folder, name), 'utf8')).toBe('\0\0\0')
})
test('a policy pack that is not there', async () => {
  expect(await refusal({ env: { PLAINVIEW_POLICY: '/nowhere' } })).toMatch(
    /^Plainview could not start: .*pack\.json/,
  )
})
test('two processes on one folder', async () => {
  const first = await startPlainview()
  expect(await refusal({ folder: first.folder })).toBe(
    `Plainview already runs on ${first.folder} (process ${first.pid}). Stop it first, or set PLAINVIEW_DATA to another folder.`,
  )
  expect(await first.stop()).toBe(0)
})

describe('a database elsewhere', () => {
  let server: EmbeddedDatabase
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'plainview-elsewhere-'))
    server = await startEmbedded(folder)
  })
  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const at = (change: Partial<Record<'password' | 'pathname' | 'host' | 'username', string>>) => ({
    env: { DATABASE_URL: Object.assign(new URL(server.owner), change).href },
  })

  test('that can’t be used', async () => {
    const { host } = new URL(server.owner)
    expect(await refusal(at({ password: 'wrong' }))).toBe(
      `DATABASE_URL: the server ${host} does not let “plainview_owner” in. Check name and password.`,
    )
    expect(await refusal(at({ pathname: '/none' }))).toMatch(/has no database “none”\. Create it/)
    const nobody = `127.0.0.1:${await freePort()}`
    expect(await refusal(at({ host: nobody }))).toBe(
      `DATABASE_URL: nothing answers at ${nobody}. Is the server running?`,
    )
  })
  test('is worked on, and gone on with after a kill', async () => {
    const first = await startPlainview(at({}))
    expect(await (await fetch(`${first.url}/health`)).json()).toMatchObject({ status: 'ok', database: 'ok' })
    await first.kill()
    const second = await startPlainview({ folder: first.folder, ...at({}) })
    expect(await second.stop()).toBe(0)
  })
})
test('stops in order when it is asked to, also twice, and leaves no database behind', async () => {
  const plainview = await startPlainview()
  process.kill(plainview.pid, 'SIGINT')
  expect(await plainview.stop()).toBe(0)
  await expect(readFile(path.join(plainview.folder, 'postgres/postmaster.pid'))).rejects.toThrow('ENOENT')
  await expect(readFile(path.join(plainview.folder, 'plainview.pid'))).rejects.toThrow('ENOENT')
})
