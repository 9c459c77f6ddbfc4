import { expect, test } from 'vitest'
import { scratchFolder } from '../../test/endings.ts'
import { diskBlobs } from '../storage/disk-blobs.ts'
import { keepFiles } from './item.ts'

test.each([
  ['image/JPEG', 'image/jpeg'],
  ['application/vnd.ms-excel.sheet+xml', 'application/vnd.ms-excel.sheet+xml'],
  ['image/jpeg\r\nSet-Cookie: a=b', 'application/octet-stream'],
  ['text/html; charset=utf-8', 'application/octet-stream'],
  ['picture', 'application/octet-stream'],
  ['', 'application/octet-stream'],
])('a file of an export that is said to be %j is kept as %s', async (said, kept) => {
  const blobs = diskBlobs(await scratchFolder())
  async function* content() {
    yield Buffer.from('flyer')
  }
  const media = [{ name: 'flyer', mediaType: said, open: async () => content() }]
  const item = { kind: 'post', remoteId: '1', postedAt: null, text: '', media, original: null } as const
  const { media: files } = await keepFiles(blobs, item)
  expect(files).toMatchObject([{ mediaType: kept, blob: { mediaType: kept, bytes: 5 } }])
})
