const types: Record<string, string> = {
  avif: 'image/avif',
  gif: 'image/gif',
  heic: 'image/heic',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  m4a: 'audio/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  sbv: 'text/x-sbv',
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
}

const ending = (path: string) => /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''

/** The media type that a file's name promises. What it holds is never run or shown as anything but that. */
export const mediaTypeOf = (path: string) => types[ending(path)] ?? 'application/octet-stream'

/** Whether a file holds what is said in a film. */
export const isCaptions = (path: string) => ['sbv', 'srt', 'vtt'].includes(ending(path))

/** Whether a file goes with a post, instead of holding posts. */
export const isMedia = (path: string) => ending(path) in types
