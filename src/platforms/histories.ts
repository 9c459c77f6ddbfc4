import { feedHistory } from './archives/feed/feed.ts'
import { webArchiveHistory } from './archives/web-archive/web-archive.ts'
import { wordpressHistory } from './archives/wordpress/wordpress.ts'
import { blueskyHistory } from './bluesky/history.ts'
import { facebookHistory } from './facebook/history.ts'
import type { ExportFiles, HistoryReader, Recognised } from './history.ts'
import { ExportRefused } from './history.ts'
import { instagramHistory } from './instagram/history.ts'
import { mastodonHistory } from './mastodon/history.ts'
import { xHistory } from './x/history.ts'
import { youtubeHistory } from './youtube/history.ts'

export { type Limits, limitsOf } from './archives/limits.ts'
export { openExport } from './archives/open-export.ts'
export { fileStream as fileStreamOf } from './archives/streams.ts'

/** The formats in which a department can bring its history. */
export const historyReaders: readonly HistoryReader[] = [
  xHistory,
  facebookHistory,
  instagramHistory,
  youtubeHistory,
  mastodonHistory,
  blueskyHistory,
  wordpressHistory,
  feedHistory,
  webArchiveHistory,
]

/** Which format the files are in, told by their content. Throws ExportRefused when it is none that is known. */
export async function recognise(files: ExportFiles): Promise<{ reader: HistoryReader; found: Recognised }> {
  for (const reader of historyReaders) {
    const found = await reader.recognise(files)
    if (found) return { reader, found }
  }
  throw new ExportRefused(
    `It is none of the exports that can be read: ${historyReaders.map(({ title }) => title).join(', ')}.${hint(files)}`,
  )
}

/** Those who chose the wrong form on the platform are told which one to choose. */
function hint(files: ExportFiles): string {
  const paths = files.all.map(({ path }) => path)
  if (paths.some((path) => /\.(zip|tar|tgz|tar\.gz)$/i.test(path)))
    return ' There is another packed file inside it: unpack it, and import what is inside.'
  if (paths.some((path) => /posts.*\.html$/i.test(path)))
    return ' It looks like an export as web pages (HTML). Ask the platform for it again, in the format JSON.'
  return ' Import the file as the platform gave it to you, whole and unchanged.'
}
