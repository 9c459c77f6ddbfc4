import { mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import { keptFile } from '../storage/kept-file.ts'
import { generateLogKey, type LogKey, readLogKey, writeLogKey } from './note.ts'
import type { KeyFiles } from './rotation.ts'

/**
 * The log's private key in the data folder: `log-key` signs, and during a change of keys `log-key-1a2b3c4d` waits
 * beside it under its own hash.
 */
export async function openLogKey(folder: string, name: string): Promise<LogKey> {
  const key = await keptFile(
    path.join(folder, 'log-key'),
    () => writeLogKey(generateLogKey(name)),
    readLogKey,
  )
  return withSuccessor(key, logKeyFiles(folder))
}

/** What a change of keys does with the files. */
export async function openKeyFiles(folder: string): Promise<KeyFiles> {
  const current = await readKey(path.join(folder, 'log-key'))
  const files = logKeyFiles(folder)
  return { ...files, current: current && withSuccessor(current, files) }
}

function logKeyFiles(folder: string) {
  const waiting = (verifier: string) => path.join(folder, `log-key-${verifier.split('+')[1]}`)
  return {
    async prepare(key: LogKey) {
      await mkdir(folder, { recursive: true })
      await writeDurably(waiting(key.verifier), writeLogKey(key))
    },
    async settle(verifier: string): Promise<LogKey | null> {
      const home = path.join(folder, 'log-key')
      if ((await readKey(waiting(verifier)))?.verifier === verifier)
        // One step, which also removes the old private key. Another process may just have done it.
        await rename(waiting(verifier), home).catch((error) => {
          if (error.code !== 'ENOENT') throw error
        })
      const key = await readKey(home)
      return key?.verifier === verifier ? key : null
    },
  }
}

const withSuccessor = (key: LogKey, files: Pick<KeyFiles, 'settle'>): LogKey => ({
  ...key,
  successor: (verifier) => files.settle(verifier),
})

async function readKey(file: string): Promise<LogKey | null> {
  const text = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : readLogKey(text.trimEnd())
}

/** Readable by this user only, and on the disk before this returns; a file that exists is never overwritten. */
async function writeDurably(file: string, text: string) {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  const directory = await open(path.dirname(file), 'r')
  await directory.sync().finally(() => directory.close())
}
