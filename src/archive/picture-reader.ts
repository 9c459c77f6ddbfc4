import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import sharp from 'sharp'
import { createWorker, type Page, type Worker } from 'tesseract.js'

/** Reads the words in pictures. It works in a thread of its own and takes one picture at a time. */
export interface PictureReader {
  /** The words that could be made out; empty when there are none. A picture that can't be opened or takes too long throws. */
  read(picture: Uint8Array): Promise<string>
  close(): Promise<void>
}

/** Languages whose data is installed, by their ISO 639-3 codes. */
const installed = ['eng', 'spa', 'por', 'hat']

/** A larger picture is made smaller first: letters stay readable, and memory has a bound. */
const longestSide = 2400
/** A picture whose longer side is shorter is made larger: small letters are read better. */
const shortSide = 1000
/** More pixels than any camera makes: such a file is made to exhaust the machine that opens it. */
const pixelLimit = 120_000_000
/** Of 100. Below it, words are texture that looked like letters. */
const surest = { word: 60, line: 65 }
const patience = 30_000

const require = createRequire(import.meta.url)

/** Starts a reader for those of the languages whose data is installed. `folder` holds its data, which comes with the package: nothing is fetched. */
export async function startPictureReader(
  folder: string,
  languages: readonly string[],
): Promise<PictureReader> {
  const read = installed.filter((code) => languages.includes(code))
  const codes = read.length > 0 ? read : ['eng']
  await mkdir(folder, { recursive: true })
  for (const code of codes) {
    const file = `${code}.traineddata.gz`
    const data = path.dirname(require.resolve(`@tesseract.js-data/${code}`))
    await copyFile(path.join(data, '4.0.0_best_int', file), path.join(folder, file))
  }
  let worker: Worker | null = await createWorker(codes, 1, { langPath: folder, cacheMethod: 'none' })
  const close = async () => {
    await worker?.terminate()
    worker = null
  }
  return {
    async read(picture) {
      if (!worker) throw new Error('The reader was closed.')
      const prepared = await prepare(picture)
      if (!prepared) return ''
      const answer = await inTime(worker.recognize(prepared, {}, { blocks: true, text: false }))
      if (answer) return sureWords(answer.data)
      // It can't be interrupted otherwise.
      await close()
      throw new Error(`Reading took longer than ${patience / 1000} seconds.`)
    },
    close,
  }
}

/** Grey, upright, on white, of a size that can be read; null when it is too small to hold a word. */
async function prepare(picture: Uint8Array): Promise<Buffer | null> {
  const opened = sharp(picture, { limitInputPixels: pixelLimit, failOn: 'error' })
  const { width, height } = await opened.metadata()
  if (Math.min(width, height) < 12) return null
  const longer = Math.max(width, height)
  const side =
    longer > longestSide ? longestSide : longer < shortSide ? Math.min(longer * 2, shortSide) : longer
  return opened
    .rotate()
    .resize(side, side, { fit: 'inside' })
    .flatten({ background: '#ffffff' })
    .greyscale()
    .withMetadata({ density: 150 })
    .png({ compressionLevel: 1 })
    .toBuffer()
}

async function inTime<Value>(work: Promise<Value>): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patience)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The lines that are surely writing, without the words in them that are not. */
function sureWords({ blocks }: Page): string {
  const lines = (blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap((one) => one.lines))
  return lines
    .filter(({ confidence }) => confidence >= surest.line)
    .map(({ words }) =>
      words
        .filter(({ confidence, text }) => confidence >= surest.word && /[\p{L}\p{N}]/u.test(text))
        .map(({ text }) => text)
        .join(' '),
    )
    .filter((line) => /[\p{L}\p{N}]{2}/u.test(line))
    .join('\n')
}
