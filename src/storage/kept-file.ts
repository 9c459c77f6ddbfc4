import { chown, link, open, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { CannotStart, codeOf } from './cannot-start.ts'

/**
 * What a small secret file holds, made once and readable by this user only. It is written aside, synced, then
 * linked into place: dying while it is made leaves the whole file or none, never half a key.
 * A file that `read` can't make sense of is never replaced: what it protects would be lost with it.
 */
export async function keptFile<Value>(
  file: string,
  make: () => string,
  read: (text: string) => Value,
): Promise<Value> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  })
  if (text === null) {
    await place(file, make())
    // Another process may have been faster; the file that is there counts.
    return keptFile(file, make, read)
  }
  try {
    return read(text.trimEnd())
  } catch (error) {
    throw new CannotStart(
      `The key file ${file} is damaged. Put it back from where the keys are kept; without it what it protects can’t be read.`,
      { cause: error },
    )
  }
}

async function place(file: string, text: string) {
  const aside = await writeAside(file, text)
  await link(aside, file).catch((error) => {
    if (codeOf(error) !== 'EEXIST') throw error
  })
  await rm(aside)
  const directory = await open(path.dirname(file))
  await directory.sync().finally(() => directory.close())
}

/** A file beside `file` that only its owner (`uid`, or we) can read. */
export async function writeAside(file: string, text: string, uid?: number): Promise<string> {
  const aside = `${file}.${process.pid}`
  await rm(aside, { force: true })
  const handle = await open(aside, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  if (uid !== undefined) await chown(aside, uid, -1)
  return aside
}
