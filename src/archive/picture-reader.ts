import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { createWorker, type Page, type Worker } from 'tesseract.js'
import { heightOf, joinLines, type Line, type Strip, stripsOf } from './picture-strips.ts'

/** Reads the words in pictures. It works in a thread of its own and takes one picture at a time. */
export interface PictureReader {
  /** The words that could be made out; empty when there are none. A picture that can't be opened or takes too long throws. */
  read(picture: Uint8Array): Promise<string>
  close(): Promise<void>
}

/** Languages whose data is installed, by their ISO 639-3 codes. */
const installed = ['eng', 'spa', 'por', 'hat']

/** A picture with more pixels is made smaller: letters stay readable, and memory has a bound. */
const mostPixels = 2400 * 1800
/** A picture whose longer side is shorter is made larger: small letters are read better. */
const shortSide = 1000
/** A picture that is so many times taller than wide would be shrunk until nothing can be read: it is read in strips. */
const tall = 2
/** Of a tall picture, in pixels; one that makes more strips is made smaller after all. */
const strips = { widest: 1600, highest: 2000, most: 16 }
/** More pixels than any camera makes: such a file is made to exhaust the machine that opens it. */
const pixelLimit = 120_000_000
/** Of 100. Below it, words are texture that looked like letters. */
const surest = { word: 60, line: 65 }
/** Milliseconds for a picture, or for one strip of it. */
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
      const read: (Strip & { lines: Line[] })[] = []
      for (const strip of prepared.strips) {
        const answer = await inTime(
          worker.recognize(await prepared.cut(strip), {}, { blocks: true, text: false }),
        )
        if (!answer) {
          // It can't be interrupted otherwise.
          await close()
          throw new Error(`Reading took longer than ${patience / 1000} seconds.`)
        }
        read.push({ ...strip, lines: sureLines(answer.data) })
      }
      return joinLines(read).join('\n')
    },
    close,
  }
}

interface Prepared {
  strips: readonly Strip[]
  /** A strip as a file. */
  cut(strip: Strip): Promise<Buffer>
}

/**
 * Grey, upright, on white, of a size that can be read; null when it is too small to hold a word, or a drawing (SVG): what a
 * stranger's drawing does to the machine that makes a picture of it is not for us to find out.
 */
async function prepare(picture: Uint8Array): Promise<Prepared | null> {
  const { default: sharp } = await import('sharp')
  const opened = sharp(picture, { limitInputPixels: pixelLimit, failOn: 'error' })
  const { autoOrient: size, format } = await opened.metadata()
  if (format === 'svg' || Math.min(size.width, size.height) < 12) return null
  const { scale, highest } = plan(size)
  const { data, info } = await opened
    .autoOrient()
    .resize(Math.round(size.width * scale), Math.round(size.height * scale), { fit: 'fill' })
    .flatten({ background: '#ffffff' })
    .greyscale()
    .timeout({ seconds: patience / 1000 })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  return {
    strips: stripsOf(height, highest),
    cut: (strip) =>
      sharp(data, { raw: { width, height, channels } })
        .extract({ left: 0, width, ...strip })
        .withMetadata({ density: 150 })
        .png({ compressionLevel: 1 })
        .toBuffer(),
  }
}

/** How much larger or smaller a picture is read, and how high its strips may be: one that is not tall is one strip. */
function plan({ width, height }: { width: number; height: number }) {
  const pixels = width * height
  if (pixels > mostPixels && height > tall * width) {
    const most = heightOf(strips.most, strips.highest)
    return { scale: Math.min(1, strips.widest / width, most / height), highest: strips.highest }
  }
  const longer = Math.max(width, height)
  const scale =
    pixels > mostPixels
      ? Math.sqrt(mostPixels / pixels)
      : longer < shortSide
        ? Math.min(2, shortSide / longer)
        : 1
  return { scale, highest: Number.POSITIVE_INFINITY }
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
function sureLines({ blocks }: Page): Line[] {
  const lines = (blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap((one) => one.lines))
  return lines
    .filter(({ confidence }) => confidence >= surest.line)
    .map(({ words, bbox }) => ({
      ...bbox,
      text: words
        .filter(({ confidence, text }) => confidence >= surest.word && /[\p{L}\p{N}]/u.test(text))
        .map(({ text }) => text)
        .join(' '),
    }))
    .filter(({ text }) => /[\p{L}\p{N}]{2}/u.test(text))
}
