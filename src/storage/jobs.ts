import type { Tx } from './database.ts'

/** Work done outside a request. Queue names are `thing.action`: 'post.publish'. */
export interface Jobs {
  /**
   * Puts work into a queue in the caller's transaction: it runs if, and only if, the transaction commits.
   * `key` keeps one waiting job a key; `startAfter` delays it.
   */
  enqueue(tx: Tx, queue: string, data: object, options?: { startAfter?: Date; key?: string }): Promise<void>
  /** Runs `work` for each job of `queue`; a throw retries it with growing pauses. */
  on<Data extends object>(queue: string, work: (data: Data) => Promise<void>): Promise<void>
  /** Runs `work` again and again, `seconds` apart, in every process: it takes a lock for what only one may do at a time. */
  every(name: string, seconds: number, work: () => Promise<void>): Promise<void>
  /** How long the oldest job that could run has been waiting, in seconds. */
  secondsBehind(): Promise<number>
  stop(): Promise<void>
}
