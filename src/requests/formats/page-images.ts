import path from 'node:path'
import { Readable } from 'node:stream'
import { growing } from '../../archive/archive.ts'
import type { Attachment, Format, NumberedRecord, ReleasedProduction } from './format.ts'
import { attachmentLines, type Line, sheet } from './page-layout.ts'
import { onBlankPage } from './page-picture.ts'

/** Pages that are drawn at the same time: each takes 8 MB several times over, and more are hardly faster. */
const atOnce = 2
const pixelLimit = 120_000_000

/**
 * A picture of each page, and the list of them. Review platforms take single pages only, as Group IV TIFF or JPEG (Relativity, “Importing
 * an image file”), so the volumes of the PDF would not do.
 */
export const pageImages: Format = {
  name: 'page-images',
  title: 'Page images (single TIFF and JPEG files, Opticon OPT)',
  description:
    'A picture of every page, with its number, beside a load file. For lawyers whose review platform wants images. It takes long: some minutes for ten thousand pages.',
  async *files(production) {
    // Left to itself the library keeps 50 MB of what it computed last, and no page comes twice.
    const { default: sharp } = await import('sharp')
    sharp.cache(false)
    yield { path: 'page-images/README.txt', content: readme }
    const opt = growing(path.join(production.aside, 'page-images.opt'))
    try {
      for await (const { bates, ending, pages, content, place } of drawnAhead(production)) {
        yield {
          path: `page-images/${place}.${ending}`,
          content: { bytes: content.length, stream: Readable.from([content]) },
        }
        const begins = pages === null ? ',,,' : `Y,,,${pages}`
        await opt.add(`${bates},VOL0001,${place.replaceAll('/', '\\')}.${ending},${begins}\r\n`)
      }
      yield { path: 'page-images/page-images.opt', content: await opt.end() }
    } finally {
      await opt.close()
    }
  },
}

interface Drawing {
  bates: string
  /** Of the document that begins with this page; null on a later page of it. */
  pages: number | null
  draw(): Promise<{ ending: 'tif' | 'jpg'; content: Buffer }>
}

/** The pages in their order, some of them drawn while the one before is written. */
async function* drawnAhead(production: ReleasedProduction) {
  const begun: ReturnType<typeof begin>[] = []
  let nth = 0
  try {
    for await (const one of production.records())
      for (const drawing of drawingsOf(one, production)) {
        begun.push(begin(drawing, nth++))
        if (begun.length >= atOnce) yield await (begun.shift() as ReturnType<typeof begin>)
      }
    while (begun.length > 0) yield await (begun.shift() as ReturnType<typeof begin>)
  } finally {
    // Whoever stops in the middle waits for none of them.
    for (const one of begun) one.catch(() => {})
  }
}

async function begin({ bates, pages, draw }: Drawing, nth: number) {
  const place = `IMAGES/${String(Math.floor(nth / 1000) + 1).padStart(4, '0')}/${bates}`
  return { bates, pages, place, ...(await draw()) }
}

function drawingsOf(one: NumberedRecord, { blobs }: ReleasedProduction): Drawing[] {
  return [
    ...one.pages.map((lines, n) => ({
      bates: one.bates[n] ?? '',
      pages: n === 0 ? one.pages.length : null,
      draw: () => drawLines(one.bates[n] ?? '', lines),
    })),
    ...one.attachments.map((attachment) => ({
      bates: attachment.bates,
      pages: 1,
      draw: () => drawAttachment(attachment, one, blobs),
    })),
  ]
}

const drawLines = (bates: string, lines: readonly Line[]) =>
  onBlankPage(async (page) => {
    for (const [n, line] of lines.entries()) {
      // As in the PDF: a heading is larger, and keeps its distance from what follows.
      const above = line.style === 'heading' ? 4 : 0
      await page.write(line, sheet.margin + n * sheet.lineHeight - above)
    }
    await page.number(bates)
    return { ending: 'tif' as const, content: await page.tiff() }
  })

async function drawAttachment(
  attachment: Attachment,
  one: NumberedRecord,
  blobs: ReleasedProduction['blobs'],
) {
  const { sha256, mediaType } = attachment.file
  const picture = mediaType.startsWith('image/') ? await opened(await blobs.bytes(sha256)) : null
  return onBlankPage(async (page) => {
    for (const [n, text] of attachmentLines(attachment, one, picture !== null).entries())
      await page.write({ style: 'fact', pieces: [text] }, sheet.margin + n * sheet.lineHeight)
    await page.number(attachment.bates)
    return picture
      ? { ending: 'jpg' as const, content: await page.jpeg(picture, sheet.margin + 50) }
      : { ending: 'tif' as const, content: await page.tiff() }
  })
}

/** A released picture, upright and on white; null when it is none that can be read. */
async function opened(content: Uint8Array): Promise<Buffer | null> {
  try {
    const { default: sharp } = await import('sharp')
    return await sharp(content, { limitInputPixels: pixelLimit, pages: 1 })
      .autoOrient()
      .resize({ width: 2400, height: 2400, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .png({ compressionLevel: 1 })
      .toBuffer()
  } catch {
    return null
  }
}

const readme = `Images of all pages
===================
page-images.opt  one line a page, in Opticon's form: page number, volume, path, Y at the first page of a document,
                 and there the number of its pages
IMAGES/          the pages, each a file by its number: black and white as TIFF Group IV, 300 dots an inch; a page with a
                 picture in color as JPEG

The page numbers are those of the load file (BEGBATES to ENDBATES) and of the PDF files, if these were ordered as
well. Paths begin in this folder. A record is a document, and so is each of its attachments; which belong together says
the load file. Of a video, a sound and whatever else can't be shown on a page, the page says where its file is.
The images are made from what is released, and are no originals: those stand in records/ and files/, with their proof.
`
