import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What a test file has opened, for `end-of-file.ts` to close: the newest first. */
const endings: (() => unknown)[] = []

/**
 * Has `end` done when the test file is over. Unlike vitest's own `afterAll` it may be called from wherever a helper is
 * called from, also inside a hook, where `afterAll` comes too late to be heard.
 */
export const atEndOfFile = (end: () => unknown): void => {
  endings.push(end)
}

export async function endFile() {
  for (let end = endings.pop(); end; end = endings.pop()) await end()
}

/** An empty folder that is removed when the test file is over. */
export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-scratch-'))
  atEndOfFile(() => rm(folder, { recursive: true, force: true }))
  return folder
}
