import { createHash } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import busboy from 'busboy'
import { type Answer, type Problems, problem } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Denied, Who } from '../policy/policy.ts'
import { isDiskFull } from '../storage/blobs.ts'
import { type ImportId, type PageId, parseId } from '../storage/ids.ts'
import { mayImport, newImportId, startImport } from './starting.ts'
import { folderOf, hasNoRoom, nameOfFile, roomFor } from './workplace.ts'

const choose = 'Choose the file that the platform gave you.'
const cutOff = 'The upload broke off before its end. Send it again.'
export const full =
  'There is not enough room on the server’s disk for this file. Ask information services to make room, then send it again.'

/**
 * Takes an upload of any size from a form: `page`, then `file`. It goes to the disk piece by piece and is hashed on
 * the way. What breaks off or is refused leaves nothing behind.
 */
export async function receiveUpload(
  installation: Installation,
  who: Who,
  request: Request,
): Promise<Answer<ImportId>> {
  const type = request.headers.get('content-type') ?? ''
  if (!request.body || !type.startsWith('multipart/form-data')) return { problems: { file: choose } }
  if (Number(request.headers.get('content-length') ?? 0) > (await roomFor(installation)))
    return { problems: { file: full } }

  const id = newImportId()
  const received = await receive(installation, who, id, { body: request.body, type })
  const answer =
    'file' in received
      ? await startImport(installation, who, {
          id,
          page: received.page,
          fileName: received.file.name,
          place: received.file.place,
          uploaded: true,
          bytes: received.file.bytes,
          sha256: received.file.sha256,
        })
      : received
  if (!('done' in answer)) await rm(folderOf(installation, id), { recursive: true, force: true })
  return answer
}

interface Received {
  page: PageId
  file: { name: string; place: string; bytes: number; sha256: string }
}
type Outcome = Received | { denied: Denied } | { problems: Problems }

function receive(
  installation: Installation,
  who: Who,
  id: ImportId,
  { body, type }: { body: ReadableStream<Uint8Array>; type: string },
): Promise<Outcome> {
  return new Promise((resolve) => {
    let page: PageId | null = null
    let keeping: Promise<Outcome> | null = null
    const form = busboy({
      headers: { 'content-type': type },
      defParamCharset: 'utf8',
      limits: { files: 1, fields: 10, fieldSize: 1000 },
    })
    form.on('field', (name, value) => {
      if (name === 'page') page = parseId<'page'>(value)
    })
    form.on('file', (_, stream, { filename }) => {
      // Without this an upload that breaks off would end the process; keepFile sees the same error.
      stream.on('error', () => {})
      keeping = keepFile(installation, who, id, page, { stream, filename })
        .catch((error): Outcome => {
          if (isDiskFull(error)) return { problems: { file: full } }
          installation.log.warn({ err: error }, 'upload broke off')
          return problem(cutOff)
        })
        .finally(() => stream.resume())
    })
    form.on('close', async () => resolve((await keeping) ?? { problems: { file: choose } }))
    form.on('error', async () => {
      await keeping
      resolve(problem(cutOff))
    })
    const source = Readable.fromWeb(body as never)
    source.on('error', (error) => form.destroy(error))
    source.pipe(form)
  })
}

async function keepFile(
  installation: Installation,
  who: Who,
  id: ImportId,
  page: PageId | null,
  { stream, filename }: { stream: Readable; filename: string | undefined },
): Promise<Outcome> {
  if (!page) return { problems: { page: 'Choose the page whose history this is.' } }
  const decision = await mayImport(installation, who, page)
  if (!decision.allowed) return { denied: decision }
  const name = nameOfFile(filename ?? '')
  if (!name) return { problems: { file: choose } }

  const folder = folderOf(installation, id)
  await mkdir(folder, { recursive: true })
  const place = path.join(folder, 'upload')
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(place, 'wx')
  try {
    for await (const piece of stream as AsyncIterable<Buffer>) {
      if (await hasNoRoom(installation, bytes, piece.length)) return { problems: { file: full } }
      hash.update(piece)
      bytes += piece.length
      await file.writeFile(piece)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  if (bytes === 0) return { problems: { file: 'This file is empty. Download the export again.' } }
  return { page, file: { name, place, bytes, sha256: hash.digest('hex') } }
}
