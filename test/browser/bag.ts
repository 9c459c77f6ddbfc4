import { execFile } from 'node:child_process'
import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { root } from './plainview.ts'

const run = promisify(execFile)

/** Unpacks a downloaded production as its reader would, and answers with the bag's folder. */
export async function unpacked(file: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-bag-'))
  await run('tar', ['-xf', file, '-C', folder])
  const [bag = ''] = await readdir(folder)
  return path.join(folder, bag)
}

/** What the command line says about a bag, with nothing but the log's public key. */
export async function verify(bag: string, key: string): Promise<{ code: number; said: string }> {
  const words = ['bin/plainview.js', 'verify', bag, '--key', key]
  return run(process.execPath, words, { cwd: root }).then(
    ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  )
}
