import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { CannotStart } from '../storage/cannot-start.ts'

/** Two processes on one data folder would fight over its database: the second one says so and ends. */
export async function claim(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, 'plainview.pid')
  const other = Number(await readFile(file, 'utf8').catch(() => ''))
  if (other && other !== process.pid && (await isPlainview(other)))
    throw new CannotStart(
      `Plainview already runs on ${folder} (process ${other}). Stop it first, or set PLAINVIEW_DATA to another folder.`,
    )
  await writeFile(file, String(process.pid))
  return () => rm(file, { force: true })
}

async function isPlainview(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // The number may have been given to another program since; where /proc exists, we look.
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'start.ts')).includes('start.ts')
}
