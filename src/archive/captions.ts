/** Caption files of videos: WebVTT (W3C), SubRip (.srt), and YouTube's own SubViewer (.sbv). */

const timing = /^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*(?:-->|,)\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}/

/**
 * What is said in a caption file, one cue a line, without times, numbers, styles and notes. Captions that roll up say each
 * line again; it stands once. A file in which no cue has a time says nothing.
 */
export function wordsOfCaptions(file: string): string {
  const said: string[] = []
  for (const block of file
    .replace(/^\uFEFF/, '')
    .replaceAll(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)) {
    const lines = block.split('\n')
    const time = lines.findIndex((line) => timing.test(line))
    // A header, a note or a style; or words that nothing shows.
    if (time < 0 || time > 1) continue
    for (const line of lines.slice(time + 1)) {
      const text = plain(line)
      if (text && text !== said.at(-1)) said.push(text)
    }
  }
  return said.join('\n')
}

const entities: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: ' ',
  lrm: '',
  rlm: '',
  quot: '"',
}

/** Voices, classes, colours and times within a line are tags; SubRip also knows {\an8}. */
const plain = (line: string) =>
  line
    .replaceAll(/<[^>]*>|\{\\[^}]*\}/g, '')
    .replaceAll(/&(\w+);/g, (all, name: string) => entities[name] ?? all)
    .trim()
