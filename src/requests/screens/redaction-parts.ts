import type { RecordText } from '../../archive/archive.ts'
import { capital } from '../../capital.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Mark, TextMark } from '../marks.ts'
import { blackOut, merged, spread } from '../redact-text.ts'
import { textsOf } from '../rendition.ts'

/** A text of a record, as it is and as it would go out. */
export interface TextPart {
  place: string
  title: string
  text: string
  redacted: string
  /** One of the record's details, not what somebody wrote or who they are. */
  detail: boolean
  suggestions: Suggestion[]
}
interface Suggestion {
  start: number
  end: number
  excerpt: string
  reason: string
  exemption: string
}
/** A file of a record, and what is taken out of it. */
export interface FilePart {
  file: number
  role: string
  mediaType: string
  bytes: number
  kind: 'image' | 'video' | 'audio' | 'other'
  /** Withheld as a whole, by a mark or because it repeats words that are taken out. */
  withheld: 'marked' | 'repeats' | null
  marked: boolean
}

/**
 * What there is to redact in a record. A text that only repeats others is left out; it loses the same words. What the
 * department itself publishes as its contact is not suggested.
 */
export function partsOf(
  record: RecordText,
  marks: readonly Mark[],
  policy: Policy,
  ownContacts: readonly string[] = [],
) {
  const own = ownContacts.map(bare)
  const texts = textsOf(record)
  const textMarks = marks.filter((mark): mark is TextMark => mark.kind === 'text')
  const passages = spread(texts, textMarks)
  const parts: TextPart[] = []
  for (const [place, text] of texts) {
    if (text.trim() === '' || (place === '/words' && repeats(text, texts))) continue
    const gone = merged(text, passages.get(place) ?? [])
    parts.push({
      place,
      title: titleOf(place),
      text,
      redacted: blackOut(text, passages.get(place) ?? []),
      detail: rankOf(place) === 2,
      suggestions: policy
        .redactionSuggestions(text)
        .filter((one) => !gone.some(({ start, end }) => start <= one.start && one.end <= end))
        .filter(({ excerpt }) => !own.some((contact) => contact.includes(bare(excerpt)))),
    })
  }
  return {
    texts: parts.sort((a, b) => rankOf(a.place) - rankOf(b.place)),
    files: record.blobs.map((blob, file): FilePart => {
      const own = marks.filter((mark) => mark.kind !== 'text' && mark.file === file)
      const kind = /^image\/(png|jpeg|webp|gif|avif)$/.test(blob.mediaType)
        ? 'image'
        : blob.mediaType.startsWith('video/')
          ? 'video'
          : blob.mediaType.startsWith('audio/')
            ? 'audio'
            : 'other'
      const marked = own.some((mark) => mark.kind === 'file')
      const repeating = kind === 'other' && textMarks.length > 0
      return {
        file,
        role: blob.role,
        mediaType: blob.mediaType,
        bytes: blob.bytes,
        kind,
        withheld: marked ? 'marked' : repeating ? 'repeats' : null,
        marked: own.length > 0,
      }
    }),
  }
}

/** The text itself comes first, then who wrote it, then the rest. */
const rankOf = (place: string) =>
  place === '/content/text' || place === '/content/before'
    ? 0
    : place.startsWith('/by/') || place.includes('/author/')
      ? 1
      : 2

const repeats = (words: string, texts: ReadonlyMap<string, string>) =>
  words
    .split('\n')
    .every((line) => [...texts].some(([place, text]) => place !== '/words' && text.includes(line.trim())))

const titles: Record<string, string> = {
  '/content/text': 'Text',
  '/content/before': 'Text before the change',
  '/by/name': 'Name of who did it',
  '/content/url': 'Address',
  '/words': 'Words for the search',
}

/** `/content/author/displayName` is "Author: display name". */
const titleOf = (place: string): string =>
  titles[place] ??
  capital(
    place
      .split('/')
      .filter((part) => part && part !== 'content')
      .map((part) =>
        part
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .replaceAll('_', ' ')
          .toLowerCase(),
      )
      .join(': '),
  )

/** Letters and digits alone: a telephone number is the same with dashes and with dots. */
const bare = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')
