import type { Jobs } from '../storage/jobs.ts'

/** Work that runs here and now, in the order in which it was asked for, instead of in the background. */
export function jobsByHand(): Jobs & { runAll(): Promise<void> } {
  const work = new Map<string, (data: never) => Promise<void>>()
  const waiting: { queue: string; data: object }[] = []
  return {
    async enqueue(_tx, queue, data) {
      waiting.push({ queue, data })
    },
    async on(queue, run) {
      work.set(queue, run as never)
    },
    async every() {},
    secondsBehind: async () => 0,
    async stop() {},
    async runAll() {
      for (let job = waiting.shift(); job; job = waiting.shift())
        await work.get(job.queue)?.(job.data as never)
    },
  }
}
