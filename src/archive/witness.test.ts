import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { folderMemory, readLogs } from '../cli/witness.ts'
import { askWitness } from './ask-witness.ts'
import { cosign, cosignedAt } from './cosignature.ts'
import { consistencyPath, emptyRoot, leafHash, rootOf } from './merkle.ts'
import { checkpointText, generateKey, generateLogKey, keyTypes, openNote, signNote } from './note.ts'
import { createWitness, type WitnessMemory } from './witness.ts'

const origin = 'millbrook.example/log'
const logKey = generateLogKey(origin)
const key = generateKey('library.example/witness', keyTypes.witness)
const at = new Date('2026-11-25T12:00:00.900Z')

/** A log of so many records; another `branch` is another history from the third record on. */
const leaves = (size: number, branch = 'main') =>
  Array.from({ length: size }, (_, n) => leafHash(Buffer.from(n < 2 ? `${n}` : `${branch} ${n}`)))
const checkpoint = (size: number, branch?: string, by = logKey) => {
  const root = size === 0 ? emptyRoot : rootOf(leaves(size, branch))
  return {
    treeSize: size,
    root,
    note: signNote(checkpointText({ origin, treeSize: size, root }), by),
    signedAt: at,
  }
}
const proof = (old: number, size: number, branch?: string) =>
  old === 0
    ? Promise.resolve([])
    : consistencyPath(old, size, async (a, b) => rootOf(leaves(size, branch).slice(a, b)))
const request = async (old: number, size: number, branch?: string, note = checkpoint(size, branch).note) =>
  `old ${old}\n${(await proof(old, size, branch)).map((hash) => `${hash.toString('base64')}\n`).join('')}\n${note}`

function inMemory(): WitnessMemory & { kept: Map<string, string> } {
  const kept = new Map<string, string>()
  return {
    kept,
    read: async (log) => kept.get(log) ?? null,
    write: async (log, note) => void kept.set(log, note),
  }
}

describe('a cosignature', () => {
  const { note } = checkpoint(3)
  const text = openNote(note, logKey.verifier) ?? ''
  const line = cosign(text, key, at)
  test('says when, and leaves the log’s own signature good', () => {
    expect(cosignedAt(note + line, key.verifier)).toEqual(new Date('2026-11-25T12:00:00Z'))
    expect(openNote(note + line, logKey.verifier)).toBe(text)
  })
  test('is none of another witness, nor of another checkpoint', () => {
    expect(cosignedAt(note + line, generateKey(key.name, keyTypes.witness).verifier)).toBeNull()
    expect(cosignedAt(checkpoint(4).note + line, key.verifier)).toBeNull()
    expect(cosignedAt(note, key.verifier)).toBeNull()
  })
  test('is spoilt by any change', () => {
    const whole = Buffer.from(note + line)
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 127 }), (place, bits) => {
        const flipped = Buffer.from(whole)
        flipped[place] = (flipped[place] ?? 0) ^ bits
        expect(cosignedAt(flipped.toString(), key.verifier)).toBeNull()
      }),
    )
  })
  // Made by another implementation of the specification: the example of C2SP tlog-cosignature has this form.
  test('has the form of C2SP: name, key hash, eight bytes of time, sixty-four of signature', () => {
    const [, name, base64 = ''] = line.trim().split(' ')
    const bytes = Buffer.from(base64, 'base64')
    expect(name).toBe(key.name)
    expect(bytes).toHaveLength(4 + 8 + 64)
    expect(bytes.subarray(0, 4).toString('hex')).toBe(key.verifier.split('+')[1])
    expect(bytes.readBigUInt64BE(4)).toBe(1795608000n)
    expect(Buffer.from(key.verifier.split('+')[2] ?? '', 'base64')[0]).toBe(4)
  })
})

describe('a witness', () => {
  let memory: ReturnType<typeof inMemory>
  const witness = () => createWitness({ key, logs: async () => [logKey.verifier], memory, now: () => at })
  beforeEach(() => {
    memory = inMemory()
  })
  const add = async (...args: Parameters<typeof request>) => witness().addCheckpoint(await request(...args))

  test('signs a log that grows, and shows what it signed last', async () => {
    for (const [old, size] of [
      [0, 3],
      [3, 3],
      [3, 8],
      [8, 300],
    ] as const) {
      const reply = await add(old, size)
      expect(reply.status, reply.body).toBe(200)
      expect(cosignedAt(checkpoint(size).note + reply.body, key.verifier)).not.toBeNull()
    }
    const hash = (await import('node:crypto')).createHash('sha256').update(origin).digest('hex')
    const shown = await witness().checkpoint(hash)
    expect(openNote(shown.body, logKey.verifier)).toContain('\n300\n')
    expect(cosignedAt(shown.body, key.verifier)).not.toBeNull()
    expect((await witness().checkpoint('0'.repeat(64))).status).toBe(404)
  })
  test('never signs a fork, whatever proof comes with it', async () => {
    await add(0, 5)
    expect((await add(5, 9, 'other')).status).toBe(422)
    expect((await add(5, 5, 'other')).status).toBe(422)
    expect((await add(2, 9, 'other')).status).toBe(409)
    expect((await add(0, 9, 'other')).status).toBe(409)
    // A proof between the fork's own states does not help it either.
    const lie = `old 5\n${(await proof(5, 9, 'other')).map((hash) => `${hash.toString('base64')}\n`).join('')}\n${checkpoint(9, 'other').note}`
    expect((await witness().addCheckpoint(lie)).status).toBe(422)
    expect(memory.kept.get(origin)).toContain('\n5\n')
    expect((await add(5, 9)).status).toBe(200)
  })
  test('of two that come at once it signs one after the other, and never goes back', async () => {
    const one = witness()
    await one.addCheckpoint(await request(0, 4))
    const replies = await Promise.all([
      one.addCheckpoint(await request(4, 6)),
      one.addCheckpoint(await request(4, 9)),
      one.addCheckpoint(await request(4, 7, 'other')),
    ])
    expect(replies.map(({ status }) => status)).toEqual([200, 409, 409])
    expect(replies[1]?.body).toBe('6\n')
    expect(replies[1]?.type).toBe('text/x.tlog.size')
  })
  test('signs nothing that it could not keep', async () => {
    const failing = { ...memory, write: async () => Promise.reject(new Error('disk full')) }
    const one = createWitness({ key, logs: async () => [logKey.verifier], memory: failing, now: () => at })
    await expect(one.addCheckpoint(await request(0, 4))).rejects.toThrow('disk full')
  })
  test('knows which keys a log has', async () => {
    const next = generateLogKey(origin)
    const stranger = generateLogKey('other.example/log')
    const root = rootOf(leaves(3))
    const foreign = signNote(checkpointText({ origin: 'other.example/log', treeSize: 3, root }), stranger)
    expect((await add(0, 3, 'main', foreign)).status).toBe(404)
    expect((await add(0, 3, 'main', checkpoint(3, 'main', next).note)).status).toBe(403)
    const good = checkpoint(3).note
    const spoilt = good.replace(/.{8}\n$/, 'AAAAAAA=\n')
    expect((await add(0, 3, 'main', spoilt)).status).toBeGreaterThanOrEqual(400)
    const both = createWitness({
      key,
      logs: async () => [logKey.verifier, next.verifier],
      memory,
      now: () => at,
    })
    expect(
      (await both.addCheckpoint(await request(0, 3, 'main', checkpoint(3, 'main', next).note))).status,
    ).toBe(200)
  })
  test.each([
    ['nothing', ''],
    ['noise', 'old x\n\nnothing\n'],
    ['a size with a leading zero', `old 03\n\n${checkpoint(3).note}`],
    ['a hash that is too short', `old 1\nAAAA\n\n${checkpoint(3).note}`],
    ['64 hashes', `old 1\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n${checkpoint(3).note}`],
    ['an old size above the new one', `old 4\n\n${checkpoint(3).note}`],
    ['no checkpoint', `old 0\n\nhello\n\n— x AAAAAAAA\n`],
  ])('answers %s with a bad request', async (_, body) => {
    expect((await witness().addCheckpoint(body)).status).toBe(400)
  })
  test('takes the empty tree only with its own root, and a proof only where one is due', async () => {
    const wrong = signNote(checkpointText({ origin, treeSize: 0, root: Buffer.alloc(32) }), logKey)
    expect((await add(0, 0, 'main', wrong)).status).toBe(422)
    expect((await add(0, 0)).status).toBe(200)
    const needless = `old 0\n${emptyRoot.toString('base64')}\n\n${checkpoint(3).note}`
    expect((await witness().addCheckpoint(needless)).status).toBe(422)
    expect((await add(0, 3)).status).toBe(200)
  })
  test('keeps what it has seen in files that are replaced whole', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'plainview-witness-'))
    const open = () =>
      createWitness({ key, logs: async () => [logKey.verifier], memory: folderMemory(folder), now: () => at })
    expect((await open().addCheckpoint(await request(0, 5))).status).toBe(200)
    expect((await open().addCheckpoint(await request(0, 9, 'other'))).status).toBe(409)
    expect((await open().addCheckpoint(await request(5, 9))).status).toBe(200)
    expect(await readdir(folder)).toHaveLength(1)
    await rm(folder, { recursive: true })
  })
  test('reads its list of logs, and says which line is none', () => {
    expect(readLogs(`# Millbrook\n${logKey.verifier}\n\n`)).toEqual([logKey.verifier])
    expect(() => readLogs(`${logKey.verifier}\nhello`)).toThrow('hello')
    expect(() => readLogs(key.verifier)).toThrow('no public key of a log')
  })
})

describe('asking a witness', () => {
  const servers: Server[] = []
  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })
  async function serve(answer: (body: string) => Promise<{ status: number; body: string } | null>) {
    const server = createServer(async (incoming, response) => {
      let body = ''
      for await (const piece of incoming) body += piece
      const reply = await answer(body)
      if (reply) response.writeHead(reply.status).end(reply.body)
    })
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/deep/`
  }
  const ask = (url: string, size: number, known: number, branch?: string, fetcher = fetch) =>
    askWitness(fetcher, { url, verifier: key.verifier }, checkpoint(size, branch), known, (old) =>
      proof(old, size, branch),
    )

  test('works with a witness of ours, also when our memory of it is old', async () => {
    const witness = createWitness({
      key,
      logs: async () => [logKey.verifier],
      memory: inMemory(),
      now: () => at,
    })
    const url = await serve((body) => witness.addCheckpoint(body))
    expect(await ask(url, 4, 0)).toMatchObject({ at: new Date('2026-11-25T12:00:00Z') })
    expect(await ask(url, 9, 0)).toHaveProperty('line')
    expect(await ask(url, 12, 9)).toHaveProperty('line')
    expect((await ask(url, 20, 12, 'other')).problem).toMatch(/NOT A CONTINUATION/)
    expect((await ask(url, 7, 0)).problem).toMatch(/has seen 12 records of this log, and we have 7/)
  })
  test.each([
    ['409 with garbage', 409, 'many\n', /a size that is none/],
    ['409 again and again', 409, '1\n', /another size/],
    ['200 with a page', 200, '<html>welcome</html>', /without a good signature/],
    [
      '200 with another key’s signature',
      200,
      cosign(checkpointText(checkpoint(3) as never), generateKey(key.name, keyTypes.witness), at),
      /without a good signature/,
    ],
    ['403', 403, '', /does not know the key/],
    ['404', 404, '', /does not watch our log/],
    ['500', 500, '', /status 500/],
  ])('that answers %s is a trouble in a sentence', async (_, status, body, problem) => {
    expect((await ask(await serve(async () => ({ status, body })), 3, 0)).problem).toMatch(problem)
  })
  test('that can’t be reached, or lies in the own network, is one too', async () => {
    expect((await ask('http://127.0.0.1:9', 3, 0)).problem).toMatch(/can’t be reached/)
    const { outgoing } = await import('../platforms/outgoing.ts')
    expect((await ask('http://127.0.0.1:9', 3, 0, undefined, outgoing())).problem).toMatch(/own network/)
  })
  test('that never answers is given up', async () => {
    const impatient: typeof fetch = (input, init) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(50) })
    expect((await ask(await serve(async () => null), 3, 0, undefined, impatient)).problem).toMatch(
      /no answer within/,
    )
  })
})
