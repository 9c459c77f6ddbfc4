import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import net from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startS3 } from '../../test/s3.ts'
import { BlobDamaged, type Blobs, StorageFull } from './blobs.ts'
import { diskBlobs } from './disk-blobs.ts'
import { reachBucket, s3Blobs } from './s3-blobs.ts'

interface Store {
  blobs: Blobs
  /** Changes what is kept behind its back. */
  damage(): Promise<void>
  stop(): Promise<void>
}

async function onDisk(): Promise<Store & { folder: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-blobs-'))
  return {
    folder,
    blobs: diskBlobs(folder),
    async damage() {
      for (const one of await readdir(folder, { recursive: true, withFileTypes: true }))
        if (one.isFile()) await writeFile(path.join(one.parentPath, one.name), 'damaged')
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  }
}
async function onS3(): Promise<Store> {
  const server = await startS3()
  return { blobs: s3Blobs(server.place), damage: server.damage, stop: server.stop }
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex')
async function* pieces(content: string, size = 1000) {
  for (let at = 0; at < content.length; at += size) yield Buffer.from(content.slice(at, at + size))
}

/** The same for every store: what a module may rely on. */
describe.each([
  ['the disk', onDisk],
  ['an S3-compatible store', onS3],
])('files on %s', (_, open) => {
  let store: Store
  let blobs: Blobs
  beforeAll(async () => {
    store = await open()
    blobs = store.blobs
  })
  afterAll(() => store?.stop())

  test('are kept by their content, and come back as they were', async () => {
    const kept = await blobs.put(Buffer.from('parade'), 'text/plain')
    expect(kept).toEqual({ sha256: sha256('parade'), bytes: 6, mediaType: 'text/plain' })
    expect(await blobs.put(Buffer.from('parade'), 'text/plain')).toEqual(kept)
    expect(Buffer.from(await blobs.bytes(kept.sha256)).toString()).toBe('parade')
    expect((await buffer(await blobs.read(kept.sha256))).toString()).toBe('parade')
    expect(await blobs.has(kept.sha256)).toBe(true)
  })
  test('may be empty', async () => {
    const kept = await blobs.put(Buffer.alloc(0), 'text/plain')
    expect((await buffer(await blobs.read(kept.sha256))).length).toBe(0)
  })
  test('are the same when they come in pieces', async () => {
    const content = 'x'.repeat(300_000)
    const kept = await blobs.putStream(pieces(content), 'text/plain')
    expect(kept).toEqual({ sha256: sha256(content), bytes: 300_000, mediaType: 'text/plain' })
    expect((await buffer(await blobs.read(kept.sha256))).toString()).toBe(content)
  })
  test('put by many at once are kept once', async () => {
    const kept = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        n % 2
          ? blobs.put(Buffer.from('rush'), 'text/plain')
          : blobs.putStream(pieces('rush', 2), 'text/plain'),
      ),
    )
    expect(new Set(kept.map((one) => one.sha256))).toEqual(new Set([sha256('rush')]))
    expect(Buffer.from(await blobs.bytes(sha256('rush'))).toString()).toBe('rush')
  })
  test('leave nothing under their name when they break off', async () => {
    async function* broken() {
      yield Buffer.from('half of ')
      throw new Error('the line is dead')
    }
    await expect(blobs.putStream(broken(), 'text/plain')).rejects.toThrow('the line is dead')
    expect(await blobs.has(sha256('half of '))).toBe(false)
    expect(await blobs.has(sha256('half of it'))).toBe(false)
  })
  test('that are not there are missed', async () => {
    expect(await blobs.has(sha256('nowhere'))).toBe(false)
    await expect(blobs.bytes(sha256('nowhere'))).rejects.toThrow()
    await expect(blobs.read(sha256('nowhere')).then(buffer)).rejects.toThrow()
  })
  test('go when nobody needs them, unless somebody put them again', async () => {
    const { sha256: name } = await blobs.put(Buffer.from('not needed'), 'text/plain')
    expect(await blobs.remove(name, new Date(Date.now() - 3_600_000))).toBe(false)
    expect(await blobs.has(name)).toBe(true)
    expect(await blobs.remove(name, new Date(Date.now() + 3_600_000))).toBe(true)
    expect(await blobs.has(name)).toBe(false)
    expect(await blobs.remove(name, new Date())).toBe(true)
  })
  test('that were changed behind our back are found', async () => {
    const kept = await blobs.put(Buffer.from('genuine'), 'text/plain')
    await store.damage()
    await expect(blobs.bytes(kept.sha256)).rejects.toThrow(BlobDamaged)
    await expect(blobs.read(kept.sha256).then(buffer)).rejects.toThrow(/is damaged/)
  })
})

describe('on the disk', () => {
  test('half a file that a killed process left is no file, and is not in the way', async () => {
    const { blobs, folder, stop } = await onDisk()
    const name = sha256('whole')
    const home = path.join(folder, name.slice(0, 2), name.slice(2, 4))
    await mkdir(home, { recursive: true })
    await writeFile(path.join(home, `${name}.0190-aside`), 'who')
    expect(await blobs.has(name)).toBe(false)
    await blobs.put(Buffer.from('whole'), 'text/plain')
    expect(Buffer.from(await blobs.bytes(name)).toString()).toBe('whole')
    await stop()
  })
  test('a large file that a killed process left half written goes with the next, one in progress does not', async () => {
    const place = await mkdtemp(path.join(tmpdir(), 'plainview-swept-'))
    onTestFinished(() => rm(place, { recursive: true, force: true }))
    const [dead, growing] = [path.join(place, 'dead'), path.join(place, 'growing')]
    for (const file of [dead, growing]) await writeFile(file, 'half')
    const longAgo = new Date(Date.now() - 2 * 86_400_000)
    await utimes(dead, longAgo, longAgo)
    async function* content() {
      yield Buffer.from('whole')
    }
    await diskBlobs(place).putStream(content(), 'text/plain')
    const left = await readdir(place)
    expect(left).toContain('growing')
    expect(left).not.toContain('dead')
  })
  test('what a process that died left of a removal goes with the next', async () => {
    const { blobs, folder, stop } = await onDisk()
    const { sha256: name } = await blobs.put(Buffer.from('old flyer'), 'text/plain')
    const home = path.join(folder, name.slice(0, 2), name.slice(2, 4))
    await rename(path.join(home, name), path.join(home, `${name}.removed`))
    expect(await blobs.remove(name, new Date())).toBe(true)
    expect(await readdir(home)).toEqual([])
    await stop()
  })
  test('a file is never lost by whoever puts it while it is removed', async () => {
    const { blobs, folder, stop } = await onDisk()
    const [long, lately] = [new Date('2020-01-01'), new Date('2024-01-01')]
    for (let n = 0; n < 60; n++) {
      const content = Buffer.from(`flyer ${n}`)
      const { sha256: name } = await blobs.put(content, 'text/plain')
      await utimes(path.join(folder, name.slice(0, 2), name.slice(2, 4), name), long, long)
      await Promise.all([
        blobs.remove(name, lately),
        blobs.put(content, 'text/plain'),
        blobs.put(content, 'text/plain'),
      ])
      expect(await blobs.has(name), `round ${n}`).toBe(true)
    }
    await stop()
  })
  test('a name that is not a SHA-256 reaches no file', async () => {
    const { blobs, stop } = await onDisk()
    for (const name of ['../../etc/passwd', '', 'A'.repeat(64)]) {
      await expect(blobs.bytes(name)).rejects.toThrow('Not a SHA-256')
      await expect(blobs.read(name)).rejects.toThrow('Not a SHA-256')
    }
    await stop()
  })
  test('the reserve is left alone, and nothing half is there', async () => {
    const { folder, stop } = await onDisk()
    const full = diskBlobs(path.join(folder, 'full'), { reserve: Number.MAX_SAFE_INTEGER })
    await expect(full.put(Buffer.from('x'), 'text/plain')).rejects.toThrow(StorageFull)
    await expect(full.putStream(pieces('x'), 'text/plain')).rejects.toThrow(StorageFull)
    expect(await full.room()).toBeLessThan(0)
    expect(await readdir(path.join(folder, 'full'))).toEqual([])
    await stop()
  })
})

describe('the bucket', () => {
  test('that can’t be used is told in a sentence, before anything is entrusted to it', async () => {
    const server = await startS3()
    await expect(reachBucket(server.place)).resolves.toBeUndefined()
    await expect(reachBucket({ ...server.place, bucket: 'none' })).rejects.toThrow(
      'The bucket “none” (PLAINVIEW_S3_BUCKET) can’t be used: it is not there. Create it first.',
    )
    process.env.AWS_SECRET_ACCESS_KEY = 'wrong'
    await expect(reachBucket(server.place)).rejects.toThrow(
      /refuses the credentials\. Check AWS_ACCESS_KEY_ID/,
    )
    process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER'
    await server.stop()
    await expect(reachBucket(server.place)).rejects.toThrow(/the store http.* does not answer/)
  })
  test('is given a file once more whose transfer broke', async () => {
    const server = await startS3()
    const { port } = new URL(server.place.endpoint)
    // The line is cut after the first bytes of the file.
    const cutting = net.createServer((client) => {
      const upstream = net.connect(Number(port), '127.0.0.1')
      let sent = 0
      client.on('data', (piece) => {
        sent += piece.length
        upstream.write(piece)
        if (sent > 100_000) {
          client.destroy()
          upstream.destroy()
        }
      })
      upstream.on('data', (piece) => client.write(piece))
      for (const side of [client, upstream]) side.on('error', () => {})
      client.on('close', () => upstream.destroy())
    })
    await new Promise<void>((resolve) => cutting.listen(0, '127.0.0.1', resolve))
    const endpoint = `http://127.0.0.1:${(cutting.address() as net.AddressInfo).port}`
    const content = 'y'.repeat(2_000_000)
    await expect(
      s3Blobs({ ...server.place, endpoint }).put(Buffer.from(content), 'text/plain'),
    ).rejects.toThrow()
    const blobs = s3Blobs(server.place)
    await blobs.put(Buffer.from(content), 'text/plain')
    expect(Buffer.from(await blobs.bytes(sha256(content))).toString()).toBe(content)
    cutting.close()
    await server.stop()
  })
})
