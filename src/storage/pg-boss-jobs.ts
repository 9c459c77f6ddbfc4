import { type CompiledQuery, sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { keptMark, type Tx } from './database.ts'
import type { Jobs } from './jobs.ts'

/** The schema that holds the queues; made by the owner, used by the application. */
const schema = 'pgboss'

/** Creates or upgrades the queues' tables. Called with the owner's address, after the migrations. */
export async function prepareJobs(ownerUrl: string, log: Logger) {
  const boss = new PgBoss({ connectionString: ownerUrl, schema, supervise: false, schedule: false })
  boss.on('error', (error) => log.error({ err: error }, 'queue'))
  await boss.start()
  await boss.stop({ graceful: false })
}

const queueOptions = {
  retryLimit: 20,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: 900,
  // A process that died is noticed by its silence, so a job may take as long as it needs.
  heartbeatSeconds: 30,
  expireInSeconds: 23 * 3600,
}

/**
 * Jobs in the application's own database, run by every process that calls `on`. With `onlyProcess`, jobs that are
 * marked as running belong to a process that was killed, and are given back at once.
 */
export async function startJobs(url: string, log: Logger, { onlyProcess = false } = {}): Promise<Jobs> {
  const boss = new PgBoss({
    connectionString: url,
    schema,
    max: 4,
    migrate: false,
    superviseIntervalSeconds: 15,
  })
  boss.on('error', (error) => log.error({ err: error }, 'queue'))
  await boss.start()
  if (onlyProcess)
    await boss
      .getDb()
      .executeSql(`update ${schema}.job set state = 'retry', start_after = now() where state = 'active'`)
  const known = new Set<string>()
  /** The next turn of each regular work. */
  const timers = new Map<string, NodeJS.Timeout>()
  const running = new Set<Promise<unknown>>()
  let stopping = false

  async function ensure(queue: string) {
    if (known.has(queue)) return
    await boss.createQueue(queue, { policy: 'standard', ...queueOptions })
    await boss.updateQueue(queue, queueOptions)
    known.add(queue)
  }

  return {
    async enqueue(tx, queue, data, { startAfter, key } = {}) {
      await ensure(queue)
      await boss.send(queue, data, {
        ...(startAfter ? { startAfter } : {}),
        ...(key ? { singletonKey: key } : {}),
        db: { executeSql: (text: string, values?: unknown[]) => runIn(tx, text, values) },
      })
    },
    async on(queue, work) {
      await ensure(queue)
      await boss.work(
        queue,
        { pollingIntervalSeconds: 0.5, batchSize: 1 },
        async (jobs: { id: string; data: unknown }[]) => {
          for (const job of jobs) {
            try {
              await work(job.data as never)
            } catch (error) {
              log.error({ err: error, queue, job: job.id }, 'job failed, will be tried again')
              throw error
            }
          }
        },
      )
    },
    async every(name, seconds, work) {
      const run = async () => {
        const turn = work().catch((error) => log.error({ err: error, name }, 'regular work failed'))
        running.add(turn)
        await turn
        running.delete(turn)
        if (!stopping) timers.set(name, setTimeout(run, seconds * 1000))
      }
      timers.set(name, setTimeout(run, 0))
    },
    async secondsBehind() {
      const { rows } = await boss.getDb().executeSql(
        `select coalesce(extract(epoch from now() - min(start_after)), 0)::float8 as seconds
         from ${schema}.job where state in ('created', 'retry') and start_after < now()`,
      )
      return rows[0]?.seconds ?? 0
    },
    async stop() {
      stopping = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running)
      await boss.stop({ graceful: true, timeout: 10_000 })
    },
  }
}

async function runIn(tx: Tx, text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> {
  const query = {
    // The queue's texts are few: what differs between two jobs is among the values.
    sql: `${text} ${keptMark}`,
    parameters: values,
    query: sql.raw(text).toOperationNode(),
    queryId: { queryId: '' },
  }
  return tx.executeQuery(query as unknown as CompiledQuery)
}
