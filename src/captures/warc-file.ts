import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type WarcEntry, writeWarc } from '../archive/archive.ts'

/** A WARC that grows entry by entry. `add` is done when the entry is taken, so that few are in memory at once. */
export function warcInto(file: string) {
  const waiting: { entry: WarcEntry; taken: () => void }[] = []
  let wake = () => {}
  let ended = false
  async function* entries() {
    for (;;) {
      const next = waiting.shift()
      if (next) {
        yield next.entry
        next.taken()
      } else if (ended) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }
  const written = pipeline(Readable.from(writeWarc(entries())), createWriteStream(file))
  // A full disk comes out at the next entry, or at the end.
  const failed = written.then(() => new Promise<never>(() => {}))
  failed.catch(() => {})
  return {
    add(entry: WarcEntry): Promise<void> {
      const taken = new Promise<void>((resolve) => waiting.push({ entry, taken: resolve }))
      wake()
      return Promise.race([taken, failed])
    },
    end(): Promise<void> {
      ended = true
      wake()
      return written
    },
  }
}
