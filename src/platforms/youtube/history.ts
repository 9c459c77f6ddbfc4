import { csvRows } from '../archives/csv-rows.ts'
import { isCaptions, isMedia } from '../archives/media.ts'
import {
  found,
  type Index,
  indexOf,
  inOrder,
  mediaFrom,
  moment,
  restOf,
  type Understood,
} from '../archives/reading.ts'
import { beginningOf } from '../archives/streams.ts'
import type { ExportFile, HistoryReader, Part } from '../history.ts'

/**
 * Google Takeout's "YouTube and YouTube Music". Its folders are named in the account's language, so each CSV file is
 * known by the columns that it begins with. Films lie in `videos/`, named by their titles; their captions, where an
 * export has them, beside them or in a folder of their own, with the language after the title: `Title.en.srt`.
 */
export const youtubeHistory: HistoryReader = {
  kind: 'youtube',
  title: 'YouTube export (Google Takeout)',
  version: 2,
  async recognise(files) {
    const index = indexOf(files)
    const films: Films = {
      byName: new Map(
        files.all
          .filter(({ path }) => isMedia(path) && !isCaptions(path) && /\/videos?\//i.test(`/${path}`))
          .map(({ path }) => [plain(stemOf(path)), path]),
      ),
      captions: files.all.map(({ path }) => path).filter(isCaptions),
    }
    const parts: Part[] = []
    for (const file of inOrder(files.all.filter(({ path }) => path.endsWith('.csv')))) {
      const header = (await beginningOf(file, 2000)).toString('utf8').split('\n')[0]?.toLowerCase() ?? ''
      const understand = readers.find(({ columns }) => columns.every((column) => header.includes(column)))
      if (understand) parts.push(partOf(file, (row) => understand.read(row, films, index)))
    }
    if (parts.length === 0) return null
    return {
      what: 'YouTube export (Google Takeout)',
      parts,
      rest: restOf(files, parts, [[/history/i, 'What the account watched or searched was not published.']]),
    }
  },
}

type Fields = Record<string, string>

interface Films {
  /** The letters and digits of a film's name, and where it lies. */
  byName: ReadonlyMap<string, string>
  captions: readonly string[]
}

function partOf(file: ExportFile, understand: (row: Fields) => Understood): Part {
  return {
    file: file.path,
    async *read() {
      for await (const { line, fields } of csvRows(await file.open(), file.path)) {
        const row = Object.fromEntries(
          Object.entries(fields).map(([name, value]) => [name.trim().toLowerCase(), value]),
        )
        yield* found(understand(row), file.path, `line ${line}`)
      }
    },
  }
}

const readers: readonly {
  columns: readonly string[]
  read(row: Fields, films: Films, index: Index): Understood
}[] = [
  { columns: ['video id', 'video title (original)'], read: video },
  { columns: ['comment id', 'comment text'], read: comment },
  { columns: ['live chat id', 'live chat text'], read: liveChat },
  { columns: ['post id', 'post text'], read: communityPost },
]

function video(row: Fields, films: Films, index: Index): Understood {
  const id = row['video id']
  const title = row['video title (original)'] ?? ''
  if (!id) return 'The line names no video.'
  const film = filmOf(title, films.byName)
  const privacy = (row.privacy ?? '').toLowerCase()
  return {
    kind: 'post',
    remoteId: id,
    url: `https://www.youtube.com/watch?v=${id}`,
    postedAt: moment(row['video publish timestamp'] || row['video create timestamp']),
    title,
    text: row['video description (original)'] ?? '',
    state: privacy === '' || privacy === 'public' ? undefined : privacy,
    media: [
      film ? mediaFrom(index, film) : { name: `${title} (film)`, mediaType: 'video/mp4', open: null },
      ...captionsOf(film ? stemOf(film) : title, films).map((path) => mediaFrom(index, path)),
    ],
    original: row,
  }
}

/** Takeout drops or replaces what file names can't hold and cuts long titles, so only letters and digits count. */
function filmOf(title: string, films: ReadonlyMap<string, string>): string | undefined {
  const wanted = plain(title)
  if (!wanted) return undefined
  const exact = films.get(wanted)
  if (exact) return exact
  return [...films].find(([name]) => name.length >= 20 && wanted.startsWith(name))?.[1]
}

/** The captions of a film have its name, and may have a language after it. */
function captionsOf(name: string, { captions }: Films): string[] {
  if (!plain(name)) return []
  return captions.filter((path) => {
    const stem = stemOf(path)
    return (
      plain(stem.replace(/[._ -]\(?[a-z]{2,3}(?:[-_][a-z0-9]{2,4})?\)?$/i, '')) === plain(name) ||
      plain(stem) === plain(name)
    )
  })
}

const stemOf = (path: string) => path.replace(/^.*\//, '').replace(/\.\w+$/, '')

const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

function comment(row: Fields): Understood {
  const id = row['comment id']
  if (!id) return 'The line names no comment.'
  return {
    kind: 'comment',
    remoteId: id,
    url: row['video id'] ? `https://www.youtube.com/watch?v=${row['video id']}&lc=${id}` : undefined,
    postedAt: moment(row['comment create timestamp']),
    text: segments(row['comment text'] ?? ''),
    inReplyTo: row['parent comment id'] || row['video id'] || row['post id'] || undefined,
    media: [],
    original: row,
  }
}

function liveChat(row: Fields): Understood {
  const id = row['live chat id']
  if (!id) return 'The line names no message.'
  return {
    kind: 'comment',
    remoteId: id,
    postedAt: moment(row['live chat create timestamp']),
    title: 'Live chat',
    text: segments(row['live chat text'] ?? ''),
    inReplyTo: row['video id'] || undefined,
    media: [],
    original: row,
  }
}

function communityPost(row: Fields): Understood {
  const id = row['post id']
  if (!id) return 'The line names no post.'
  return {
    kind: 'post',
    remoteId: id,
    url: `https://www.youtube.com/post/${id}`,
    postedAt: moment(row['post create timestamp'] || row['post publish timestamp']),
    text: segments(row['post text'] ?? ''),
    media: Object.entries(row)
      .filter(([name, value]) => name.startsWith('image name') && value)
      .map(([, name]) => ({ name, mediaType: 'image/jpeg', open: null })),
    original: row,
  }
}

/** Text comes plain, as `{"takeoutSegments":[…]}`, or as pieces with commas and no brackets: `{"text":"a"},{"text":"b"}`. */
function segments(text: string): string {
  if (!text.startsWith('{')) return text
  try {
    const read: unknown[] = JSON.parse(`[${text}]`)
    return read
      .flatMap((piece) => (piece as { takeoutSegments?: unknown[] }).takeoutSegments ?? [piece])
      .map((piece) => (piece as { text?: unknown }).text ?? '')
      .join('')
  } catch {
    return text
  }
}
