import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
let known: Promise<boolean> | undefined

/** Whether ffmpeg is on this machine. Without it a video can only go out or be withheld as a whole. */
export function ffmpegHere(): Promise<boolean> {
  known ??= run('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  )
  return known
}
