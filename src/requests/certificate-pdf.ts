import type { CertificateWording } from '../policy/policy.ts'
import { type CertificateFacts, wordCertificate } from './certificate-wording.ts'
import { type Face, newDocument, printable, runsOf, takeFont } from './pdf-fonts.ts'

const margin = 72

/**
 * The certificate as a tagged PDF with its fonts embedded (PDF/UA structure: title, language, headings, paragraphs).
 * The same facts always give the same bytes.
 */
export async function certificatePdf(wording: CertificateWording, facts: CertificateFacts): Promise<Buffer> {
  const pdf = newDocument(
    {
      title: `${wording.title}, records request ${facts.request}`,
      author: facts.department,
      at: facts.producedAt,
    },
    {
      size: 'LETTER',
      margins: { top: margin, bottom: margin, left: margin, right: margin },
      bufferPages: true,
    },
  )
  const pieces: Buffer[] = []
  const finished = new Promise<Buffer>((resolve, reject) => {
    pdf.on('data', (piece: Buffer) => pieces.push(piece))
    pdf.on('end', () => resolve(Buffer.concat(pieces)))
    pdf.on('error', reject)
  })
  const body = pdf.struct('Document')
  pdf.addStructure(body)

  const write = (tag: string, text: string, face: Face, size: number, gap: number, indent = 0) => {
    body.add(
      pdf.struct(tag, {}, () => {
        const runs = runsOf(face, printable(face, text))
        pdf.fontSize(size)
        for (const [n, run] of runs.entries()) {
          takeFont(pdf, run)
          const how = {
            width: pdf.page.width - 2 * margin - indent,
            lineGap: 1.5,
            continued: n < runs.length - 1,
          }
          if (n === 0) pdf.text(run.text, margin + indent, undefined, how)
          else pdf.text(run.text, how)
        }
      }),
    )
    pdf.moveDown(gap)
  }
  /** Keeps a heading with what follows it, and the place to sign on one page. */
  const need = (height: number) => {
    if (pdf.y + height > pdf.page.height - margin) pdf.addPage()
  }

  write('H1', wording.title, 'bold', 15, 0.2)
  write('P', wording.under, 'text', 10, 1)
  for (const part of wordCertificate(wording, facts)) {
    if (part.kind === 'heading') need(90)
    if (part.kind === 'heading') write('H2', part.text, 'bold', 11, 0.35)
    else if (part.kind === 'code') write('P', part.text, 'code', 9, 0.6, 12)
    else if (part.kind === 'choice') write('P', `☐  ${part.text}`, 'text', 10, 0.6, 12)
    else write('P', part.text, 'text', 10, 0.6)
  }
  need(190)
  pdf.moveDown(1)
  for (const label of ['Executed on (date)', 'At (city, state)', 'Signature']) {
    write('P', `${label}: ______________________________________________`, 'text', 10, 1.4)
  }
  write('P', `${facts.custodian}, ${facts.title}`, 'text', 10, 0.2)
  write('P', facts.department, 'text', 10, 0.2)
  for (const line of facts.contact) write('P', line, 'text', 10, 0.2)
  body.end()

  const { count } = pdf.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    pdf.switchToPage(page)
    // Page numbers are no content: a screen reader passes over them.
    pdf.markContent('Artifact', { type: 'Pagination' })
    const bottom = pdf.page.margins.bottom
    pdf.page.margins.bottom = 0
    pdf
      .font('text')
      .fontSize(8)
      .text(
        printable('text', `Records request ${facts.request}, page ${page + 1} of ${count}`),
        margin,
        pdf.page.height - 45,
        { width: pdf.page.width - 2 * margin, align: 'center', lineBreak: false },
      )
    pdf.page.margins.bottom = bottom
    pdf.endMarkedContent()
  }
  pdf.end()
  return finished
}
