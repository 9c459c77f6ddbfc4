import path from 'node:path'

/** A path as it was meant where the command was typed. */
export function inCaller(typed: string): string {
  return path.resolve(process.env.INIT_CWD ?? '', typed)
}

/** `--name value` pairs. */
export function options(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word, n) => (word.startsWith('--') ? [[word.slice(2), words[n + 1] ?? '']] : [])),
  )
}
