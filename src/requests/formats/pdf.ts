import { once } from 'node:events'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { growing } from '../../archive/archive.ts'
import { ascentOf, newDocument, runsOf, takeFont, widthIn, widthOf } from '../pdf-fonts.ts'
import type { Attachment, Format, NumberedRecord, ReleasedProduction } from './format.ts'
import { attachmentLines, barWidth, type Line, type LineStyle, sheet, styles } from './page-layout.ts'

/** Records in one file: no more than a reader opens with ease, and than fit into memory. */
const recordsInVolume = 100
const pixelLimit = 120_000_000

// Volumes leave much old garbage. V8 lets the heap grow by a quarter before it looks for any (bin/runtime.js), and keeps what
// it frees in a pool for new objects. While pages are drawn it looks earlier, and gives back what it frees with each
// collection: 20 MB less, for a fifth more processor time.
const growth = '--heap-growing-percent='
const sparing = ['--optimize-for-size', `${growth}15`]
const usual = [
  '--no-optimize-for-size',
  process.execArgv.find((flag) => flag.startsWith(growth)) ?? `${growth}0`,
]

export const pdf: Format = {
  name: 'pdf',
  title: 'Pages (PDF) with Bates numbers',
  description:
    'Pages to read and to print, with a number on each and black bars. For most people, and for filing with a court.',
  async *files(production) {
    let volume: Volume | null = null
    let filled = 0
    for (const flag of sparing) setFlagsFromString(flag)
    try {
      for await (const one of production.records()) {
        volume ??= await beginVolume(production, one.bates[0])
        await volume.add(one)
        filled += 1
        if (filled < recordsInVolume) continue
        yield await volume.end()
        volume = null
        filled = 0
      }
      if (volume) yield await volume.end()
    } finally {
      for (const flag of usual) setFlagsFromString(flag)
      await volume?.close()
    }
  },
}

type Volume = Awaited<ReturnType<typeof beginVolume>>

/** One PDF file, named by its first page number, that leaves memory as it grows. */
async function beginVolume(
  { number, department, orderedAt, blobs, aside }: ReleasedProduction,
  first: string,
) {
  const document = newDocument(
    { title: `Records request ${number}, from ${first}`, author: department, at: orderedAt },
    { size: [sheet.width, sheet.height], margin: 0, autoFirstPage: false },
  )
  const body = document.struct('Document')
  document.addStructure(body)
  const place = path.join(aside, `${first}.pdf`)
  const file = growing(place)
  const pieces: Buffer[] = []
  document.on('data', (piece: Buffer) => pieces.push(piece))

  /** Hands on what the library has written so far. */
  async function flush() {
    await setImmediate()
    for (const piece of pieces.splice(0)) await file.add(piece)
  }

  /** A new page with its number, and what `draw` puts on it. */
  function page(bates: string, draw: () => void) {
    document.addPage()
    draw()
    const { face, size } = { face: 'code', size: 9 } as const
    body.add(
      document.struct('P', {}, () => {
        document
          .font(face)
          .fontSize(size)
          .fillColor('black')
          .text(bates, sheet.width - sheet.margin - widthOf(face, bates, size), sheet.height - 40, {
            lineBreak: false,
          })
      }),
    )
  }

  function write(line: Line, at: number) {
    const { face, size } = styles[line.style]
    let left = sheet.margin
    for (const piece of line.pieces) {
      if (typeof piece === 'string') {
        document.fillColor('black')
        for (const run of runsOf(face, piece)) {
          takeFont(document, run)
          // All stand on one line, whichever font draws them.
          const top = at + ascentOf(face, size) - ascentOf(run.font, size)
          if (run.text.trim()) document.fontSize(size).text(run.text, left, top, { lineBreak: false })
          left += widthIn(run, size)
        }
        continue
      }
      document.font(face).fontSize(size)
      const width = barWidth(piece.bar, { face, size })
      document.rect(left, at - 1, width - 2, size + 3).fill('black')
      const text = left + (width - 2 - widthOf(face, piece.bar, size)) / 2
      document.fillColor('white').text(piece.bar, text, at, { lineBreak: false })
      left += width
    }
  }

  function writePage(bates: string, lines: readonly Line[]) {
    page(bates, () => {
      for (const { style, from, to } of blocksOf(lines)) {
        // A heading is larger, and keeps its distance from what follows.
        const above = style === 'heading' ? 4 : 0
        const draw = () => {
          for (let n = from; n < to; n++) write(lines[n] as Line, sheet.margin + n * sheet.lineHeight - above)
        }
        body.add(document.struct(style === 'heading' ? 'H1' : 'P', {}, draw))
      }
    })
  }

  async function writeAttachment(attachment: Attachment, one: NumberedRecord) {
    const { bates, file } = attachment
    const { sha256, mediaType } = file
    const image = mediaType.startsWith('image/') ? await picture(await blobs.bytes(sha256)) : null
    page(bates, () => {
      const lines = attachmentLines(attachment, one, image !== null)
      for (const [n, text] of lines.entries())
        body.add(
          document.struct('P', {}, () =>
            write({ style: 'fact', pieces: [text] }, sheet.margin + n * sheet.lineHeight),
          ),
        )
      if (image)
        body.add(
          document.struct('Figure', { alt: lines[0] ?? '' }, () => {
            document.image(image, sheet.margin, sheet.margin + 50, {
              fit: [sheet.width - 2 * sheet.margin, sheet.height - 2 * sheet.margin - 80],
              align: 'center',
            })
          }),
        )
    })
  }

  return {
    async add(one: NumberedRecord) {
      for (const [n, lines] of one.pages.entries()) writePage(one.bates[n] ?? '', lines)
      for (const attachment of one.attachments) {
        await writeAttachment(attachment, one)
        await flush()
      }
      await flush()
    },
    async end() {
      body.end()
      const ended = once(document, 'end')
      document.end()
      await ended
      await flush()
      return { path: `pdf/${first}.pdf`, content: await file.end() }
    },
    close: () => file.close(),
  }
}

/**
 * The heading of a page, its facts, its text: what a screen reader is told is one thing. One element a line would make
 * up most of a file, and a sentence would be read in pieces.
 */
function blocksOf(lines: readonly Line[]): { style: LineStyle; from: number; to: number }[] {
  const blocks: { style: LineStyle; from: number; to: number }[] = []
  for (const [n, { style, pieces }] of lines.entries()) {
    if (pieces.length === 0) continue
    const last = blocks.at(-1)
    if (last?.style === style && last.to === n) last.to = n + 1
    else blocks.push({ style, from: n, to: n + 1 })
  }
  return blocks
}

/** A released picture, as large as a page can show it; null when it is none that can be read. */
async function picture(content: Uint8Array): Promise<Buffer | null> {
  try {
    const { default: sharp } = await import('sharp')
    return await sharp(content, { limitInputPixels: pixelLimit, pages: 1 })
      .rotate()
      .resize({ width: 1600, height: 1600, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 85 })
      .toBuffer()
  } catch {
    return null
  }
}
