import { csv } from './csv.ts'
import { edrm } from './edrm.ts'
import type { Format } from './format.ts'
import { loadFile } from './load-file.ts'
import { pageImages } from './page-images.ts'
import { pdf } from './pdf.ts'
import { wacz } from './wacz.ts'

/** The formats that can be ordered, in the order of a form. */
export const formats: readonly Format[] = [pdf, loadFile, pageImages, csv, edrm, wacz]

/** The formats by their names; null when there is one that nobody knows. */
export function formatsNamed(names: readonly string[]): Format[] | null {
  const known = formats.filter(({ name }) => names.includes(name))
  return known.length === new Set(names).size ? known : null
}

const drawn: readonly Format[] = [pageImages, pdf]

/** In the order in which they are made: what the fonts and pages of those that draw leave in memory comes last. */
export const inTurn = (chosen: readonly Format[]): Format[] => [
  ...chosen.filter((format) => !drawn.includes(format)),
  ...drawn.filter((format) => chosen.includes(format)),
]
