import { Tokenizer, TokenParser, TokenType } from '@streamparser/json'
import { ExportRefused } from '../history.ts'

/** An element of the list that a JSON file is, or of a list under one of its names. */
export interface Element {
  /** The name of the list; null where the file itself is the list. */
  list: string | null
  /** Its place in the list, from 0. */
  index: number
  value: unknown
}

/** Deeper than any export nests, and far from what would exhaust memory. */
const deepest = 100
/** The largest single element. A post with all that platforms note about it has some kilobytes. */
const longestElement = 16_000_000

/**
 * The elements of a JSON file of any size, one at a time: those of the list that the file is, or those of all
 * lists under its names. What a list has before its opening bracket (a script's assignment) is passed over.
 */
export async function* jsonElements(
  stream: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Element> {
  const reader = elementReader(path)
  for await (const piece of withoutAssignment(stream, path)) yield* reader.take(piece)
  reader.end()
}

function elementReader(path: string) {
  const tokenizer = new Tokenizer({ stringBufferSize: 64 * 1024 })
  let parser: TokenParser | null = null
  let ready: Element[] = []
  let depth = 0
  let sinceElement = 0
  const counts = new Map<string | null, number>()
  const refuse = (because: string) => new ExportRefused(`“${path}” ${because}`)

  function found(list: string | null, value: unknown) {
    const index = counts.get(list) ?? 0
    counts.set(list, index + 1)
    sinceElement = 0
    ready.push({ list, index, value })
  }
  /** Emitted values are let go of at once, so only the level that is wanted may be emitted. */
  function parserFor(rootIsList: boolean) {
    const made = new TokenParser({ paths: [rootIsList ? '$.*' : '$.*.*'], keepStack: false })
    made.onError = failed
    made.onValue = ({ value, parent, stack }) => {
      if (rootIsList) found(null, value)
      else if (Array.isArray(parent)) found(String(stack.at(-1)?.key ?? ''), value)
    }
    return made
  }
  function failed(error: Error): never {
    if (error instanceof ExportRefused) throw error
    throw refuse(`is not well-formed JSON: ${error.message.replace(/\.$/, '')}. Download the export again.`)
  }
  tokenizer.onError = failed
  tokenizer.onToken = (token) => {
    if (token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET) {
      parser ??= parserFor(token.token === TokenType.LEFT_BRACKET)
      if (++depth > deepest)
        throw refuse(`nests more than ${deepest} levels deep. That is done to exhaust a computer’s memory.`)
    } else if (token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET) depth--
    parser?.write(token)
  }
  return {
    *take(piece: Uint8Array) {
      for (let at = 0; at < piece.length; at += 64 * 1024) {
        const slice = piece.subarray(at, at + 64 * 1024)
        sinceElement += slice.length
        tokenizer.write(slice)
        const now = ready
        ready = []
        yield* now
        if (sinceElement > longestElement)
          throw refuse(
            `holds a single entry of more than ${longestElement / 1_000_000} MB. No platform writes such entries.`,
          )
      }
    },
    end() {
      if (!parser?.isEnded)
        throw refuse('ends in the middle. It is damaged or was cut off: download the export again.')
    },
  }
}

/** X writes its lists as scripts: `window.YTD.tweets.part0 = [ … ]`. Others begin with a byte-order mark. */
async function* withoutAssignment(
  stream: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  let before: Buffer | null = Buffer.alloc(0)
  for await (const piece of stream) {
    if (before === null) {
      yield piece
      continue
    }
    before = Buffer.concat([before, piece])
    const start = before.findIndex((byte) => byte === 0x5b || byte === 0x7b)
    if (start === -1) {
      if (before.length > 4096) break
      continue
    }
    yield before.subarray(start)
    before = null
  }
  if (before !== null)
    throw new ExportRefused(`“${path}” holds no JSON. It is damaged: download the export again.`)
}
