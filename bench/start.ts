import { startEmbedded } from '../src/storage/embedded.ts'
import type { Ground } from './ground.ts'
import { count, median, type Row, timedRuns } from './row.ts'
import { startServer } from './server.ts'

/** `npm start` on data that is there: until somebody sees the first page. */
export const start: Row = {
  name: 'start',
  async measure(ground: Ground) {
    await ground.archive(ground.quick ? 10_000 : 100_000)
    const { kept } = await ground.installation.db
      .selectFrom('record')
      .select(({ fn }) => fn.countAll<number>().as('kept'))
      .executeTakeFirstOrThrow()
    await ground.rest()
    const bare = await timedRuns(3, async () => (await startEmbedded(ground.folder)).stop())
    const starts: number[] = []
    for (let n = 0; n < 3; n++) {
      const server = await startServer(ground, 'bin/start.js', '/')
      starts.push(server.firstPage)
      await server.stop()
    }
    const seconds = (value: number) => `${(value / 1000).toFixed(1)} s`
    return [
      {
        what: `cold start with ${count(kept)} records kept, to the first page`,
        measured: `${seconds(median(starts))} at the median of ${starts.length}`,
        target: '≤ 5 s',
        reference: `its PostgreSQL alone, start and stop: ${seconds(median(bare))}`,
        met: median(starts) <= 5000,
      },
    ]
  },
}
