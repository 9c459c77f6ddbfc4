import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { AreaMark, SilenceMark } from './marks.ts'

const run = promisify(execFile)
let known: Promise<boolean> | undefined

/** Whether ffmpeg is on this machine. Without it a video or sound can only go out or be withheld as a whole. */
export function ffmpegHere(): Promise<boolean> {
  known ??= run('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  )
  return known
}

/**
 * A new video with the areas black and the sound gone at the marked times. Picture and sound are encoded anew;
 * metadata, subtitles, chapters, further tracks and the thumbnail of the original are left behind.
 */
export async function redactVideo(
  original: Uint8Array,
  areas: readonly AreaMark[],
  silences: readonly SilenceMark[],
): Promise<{ content: Buffer; mediaType: 'video/mp4' }> {
  const picture = ['scale=trunc(iw/2)*2:trunc(ih/2)*2', ...areas.map(boxOf)].join(',')
  const content = await encoded(original, [
    // The first picture that is no thumbnail, and the first sound if there is any.
    ...['-map', '0:V:0', '-map', '0:a:0?', '-vf', picture, ...silenced(silences)],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-flags:v', '+bitexact'],
  ])
  return { content, mediaType: 'video/mp4' }
}

/** A new sound file that is silent at the marked times, and like the original otherwise. Metadata and a cover picture stay behind. */
export async function redactAudio(
  original: Uint8Array,
  silences: readonly SilenceMark[],
): Promise<{ content: Buffer; mediaType: 'audio/mp4' }> {
  const content = await encoded(original, ['-map', '0:a:0', '-vn', ...silenced(silences)])
  return { content, mediaType: 'audio/mp4' }
}

/** Encodes anew, into MP4; nothing of the original's bytes is copied. */
async function encoded(original: Uint8Array, how: readonly string[]): Promise<Buffer> {
  const work = await mkdtemp(path.join(tmpdir(), 'plainview-media-'))
  try {
    const [source, target] = [path.join(work, 'original'), path.join(work, 'redacted.mp4')]
    await writeFile(source, original, { mode: 0o600 })
    await run('ffmpeg', [
      ...['-nostdin', '-v', 'error', '-protocol_whitelist', 'file,pipe', '-i', source],
      ...['-map_metadata', '-1', '-map_chapters', '-1', '-sn', '-dn', ...how],
      ...['-c:a', 'aac', '-flags:a', '+bitexact', '-fflags', '+bitexact', '-movflags', '+faststart'],
      ...['-f', 'mp4', '-y', target],
    ])
    return await readFile(target)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const silenced = (silences: readonly SilenceMark[]): string[] =>
  silences.length === 0
    ? []
    : ['-af', silences.map((one) => `volume=0:enable='${during(one.from, one.to)}'`).join(',')]

/** Rounded outwards by a pixel, so that no edge of what is marked shines through. */
function boxOf({ left, top, width, height, from, to }: AreaMark): string {
  const box = `drawbox=x=iw*${left}-1:y=ih*${top}-1:w=iw*${width}+2:h=ih*${height}+2:color=black:t=fill`
  return from === undefined && to === undefined ? box : `${box}:enable='${during(from ?? 0, to)}'`
}

/** A frame longer on both sides, because a mark lies between two frames. */
const during = (from: number, to: number | undefined) =>
  to === undefined ? `gte(t,${from - 0.1})` : `between(t,${from - 0.1},${to + 0.1})`
