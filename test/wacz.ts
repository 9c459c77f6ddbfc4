import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')

/** A ZIP file of these files; those below archive/ and indexes/ are stored, the others deflated. */
export function zip(files: readonly (readonly [string, string | Buffer])[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const [name, text] of files) {
    const content = Buffer.from(text)
    const stored = /^(archive|indexes)\//.test(name)
    const packed = stored ? content : deflateRawSync(content)
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(20, 4)
    head.writeUInt16LE(stored ? 0 : 8, 8)
    head.writeUInt32LE(crc32(content), 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(content.length, 22)
    head.writeUInt16LE(Buffer.byteLength(name), 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(20, 4)
    head.copy(entry, 6, 4, 30)
    entry.writeUInt32LE(at, 42)
    parts.push(head, Buffer.from(name), packed)
    directory.push(entry, Buffer.from(name))
    at += head.length + Buffer.byteLength(name) + packed.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, ...directory, end])
}

const warc = gzipSync('WARC/1.1\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n')

/** The files of a small WACZ 1.1.1, before its list. */
export const captured: [string, string | Buffer][] = [
  ['archive/data.warc.gz', warc],
  ['indexes/index.cdx.gz', gzipSync('com,example)/ 20261125120000 {"url":"https://example.com/"}\n')],
  [
    'pages/pages.jsonl',
    '{"format":"json-pages-1.0","id":"pages"}\n{"url":"https://example.com/","ts":"2026-11-25T12:00:00Z"}\n',
  ],
]

/** datapackage.json for these files. */
export const listOf = (files: readonly (readonly [string, string | Buffer])[], more: object = {}) =>
  JSON.stringify({
    profile: 'data-package',
    wacz_version: '1.1.1',
    title: 'A page that vanished',
    resources: files.map(([path, content]) => ({
      name: path.split('/').at(-1),
      path,
      hash: `sha256:${sha256(Buffer.from(content))}`,
      bytes: Buffer.from(content).length,
    })),
    ...more,
  })

/** datapackage-digest.json, signed without a name as ArchiveWeb.page does. */
export function anonymousDigest(list: string, over = `sha256:${sha256(list)}`) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  return JSON.stringify({
    path: 'datapackage.json',
    hash: `sha256:${sha256(list)}`,
    signedData: {
      hash: `sha256:${sha256(list)}`,
      created: '2026-11-25T12:00:00Z',
      software: 'a test',
      version: '0.1.0',
      signature: sign('sha256', Buffer.from(over), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString(
        'base64',
      ),
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    },
  })
}
