import type { Ground } from './ground.ts'

/** One line of the table. */
export interface Result {
  what: string
  measured: string
  target: string
  /** What the same machine, in the same run, does without us. */
  reference: string
  /** Null where the design sets no number. */
  met: boolean | null
}

/** A group of lines that are measured together. */
export interface Row {
  name: string
  measure(ground: Ground): Promise<Result[]>
}

/** The value below which the share `p` (0 to 1) of the samples lie. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))]
  if (value === undefined) throw new Error('Nothing was measured.')
  return value
}
export const median = (samples: readonly number[]): number => percentile(samples, 0.5)

/** Milliseconds that one run of `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

export async function timedRuns(times: number, work: (n: number) => unknown): Promise<number[]> {
  const samples: number[] = []
  for (let n = 0; n < times; n++) samples.push(await timed(() => work(n)))
  return samples
}

export const ms = (value: number): string =>
  value < 1
    ? `${value.toPrecision(2)} ms`
    : value < 100
      ? `${value.toFixed(1)} ms`
      : `${Math.round(value)} ms`
export const count = (value: number): string => Math.round(value).toLocaleString('en-US')
export const percent = (value: number): string => `${Math.round(value * 100)} %`
