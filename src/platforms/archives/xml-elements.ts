import { SaxesParser, type SaxesTagNS } from 'saxes'
import { ExportRefused } from '../history.ts'

/** An XML element with all that is in it. */
export interface XmlElement {
  /** Its name without prefix, and the namespace it belongs to. */
  name: string
  namespace: string
  attributes: Record<string, string>
  children: XmlElement[]
  text: string
}

export interface XmlItem {
  element: XmlElement
  /** The line on which it ends. */
  line: number
}

const deepest = 200
const longestItem = 32_000_000

/**
 * The elements of an XML file of any size that have one of `names`, wherever they stand, one at a time.
 * Nothing that a document type declares is resolved:
 * entities of the file's own, from inside or outside, are refused.
 */
export async function* xmlElements(
  stream: AsyncIterable<Uint8Array>,
  path: string,
  names: ReadonlySet<string>,
): AsyncGenerator<XmlItem> {
  const parser = new SaxesParser({ xmlns: true, fileName: undefined })
  const open: XmlElement[] = []
  let item = -1
  let depth = 0
  let sinceItem = 0
  let ready: XmlItem[] = []
  const refuse = (because: string) => new ExportRefused(`“${path}” ${because}`)

  parser.on('error', (error) => {
    throw refuse(
      `is not well-formed XML: ${error.message.replace(/\.$/, '')}. It is damaged: download the export again.`,
    )
  })
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY/i.test(doctype))
      throw refuse(
        'declares entities of its own. That is done to attack whoever reads it, so it is not read.',
      )
  })
  parser.on('opentag', (tag: SaxesTagNS) => {
    if (++depth > deepest)
      throw refuse(`nests more than ${deepest} levels deep. That is done to exhaust a computer’s memory.`)
    if (item === -1 && !names.has(tag.local)) return
    if (item === -1) item = depth
    const element: XmlElement = {
      name: tag.local,
      namespace: tag.uri,
      attributes: Object.fromEntries(Object.values(tag.attributes).map(({ name, value }) => [name, value])),
      children: [],
      text: '',
    }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  const text = (piece: string) => {
    const element = open.at(-1)
    if (element) element.text += piece
  }
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('closetag', () => {
    const element = item === -1 ? undefined : open.pop()
    if (element && depth === item) {
      ready.push({ element, line: parser.line })
      item = -1
      sinceItem = 0
    }
    depth--
  })

  for await (const piece of decoded(stream, path)) {
    sinceItem += piece.length
    parser.write(piece)
    yield* ready
    ready = []
    if (sinceItem > longestItem)
      throw refuse(
        `holds a single entry of more than ${longestItem / 1_000_000} MB. No genuine export has such entries.`,
      )
  }
  parser.close()
  yield* ready
}

/** The text of an XML file, by its byte-order mark or the encoding that its first line names. */
export async function* decoded(stream: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null
  let head = Buffer.alloc(0)
  const text = (bytes: Uint8Array, last: boolean) => {
    try {
      return withoutControls((decoder as TextDecoder).decode(bytes, { stream: !last }))
    } catch {
      throw new ExportRefused(
        `“${path}” is not in the encoding that it names (${(decoder as TextDecoder).encoding}). Export it again, as UTF-8.`,
      )
    }
  }
  for await (const piece of stream) {
    if (decoder) {
      yield text(piece, false)
      continue
    }
    head = Buffer.concat([head, piece])
    if (head.length < 200) continue
    decoder = decoderFor(head, path)
    yield text(head, false)
  }
  if (!decoder) {
    decoder = decoderFor(head, path)
    yield text(head, false)
  }
  yield text(new Uint8Array(), true)
}

function decoderFor(head: Buffer, path: string): TextDecoder {
  const named = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/.exec(
    head.subarray(0, 200).toString('latin1'),
  )
  const label =
    head[0] === 0xfe && head[1] === 0xff
      ? 'utf-16be'
      : head[0] === 0xff && head[1] === 0xfe
        ? 'utf-16le'
        : (named?.[1] ?? 'utf-8')
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    throw new ExportRefused(
      `“${path}” names an encoding that nobody knows (${label}). Export it again, as UTF-8.`,
    )
  }
}

/** WordPress exports control characters that its authors pasted, and XML forbids them; a reader sees � for each. */
const withoutControls = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')

/** The text of the first child with this name, trimmed; empty when there is none. */
export const childText = (element: XmlElement, name: string, namespace?: RegExp): string =>
  child(element, name, namespace)?.text.trim() ?? ''

export const child = (element: XmlElement, name: string, namespace?: RegExp): XmlElement | undefined =>
  element.children.find((one) => one.name === name && (!namespace || namespace.test(one.namespace)))

/** An element as plain JSON, for the record of how it stood in the file. */
export function asJson(element: XmlElement): unknown {
  const { name, attributes, children, text } = element
  return {
    name,
    ...(Object.keys(attributes).length ? { attributes } : {}),
    ...(text.trim() ? { text: text.trim() } : {}),
    ...(children.length ? { children: children.map(asJson) } : {}),
  }
}
