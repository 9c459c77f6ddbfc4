import pg from 'pg'
import { mkdtemp, rm } from 'node:fs/promises'
import { appendMany, sequence } from '../src/archive/archive.ts'
import { prepareAll } from '../src/archive/record.ts'
import { generateLogKey } from '../src/archive/note.ts'
import { openDatabase } from '../src/storage/database.ts'
import { startEmbedded } from '../src/storage/embedded.ts'
import { migrate } from '../src/storage/migrate.ts'
import { copyLine, copyRecords, entries } from '../bench/seed.ts'
const folder = await mkdtemp('/tmp/bench-prof-')
const d = await startEmbedded(folder)
await migrate(d.owner)
const { db } = openDatabase(d.app)
const key = generateLogKey('x/log')
const t = async (n: string, f: () => any) => { const b = performance.now(); const c=process.cpuUsage(); await f(); const u=process.cpuUsage(c); console.log(n, Math.round(performance.now() - b), 'cpu', Math.round((u.user+u.system)/1000)) }
const client = new pg.Client(d.app); await client.connect()
for (let r = 0; r < 3; r++) {
  const some = [...entries(20000, r)]
  let lines: string[] = []
  await t('prepare', () => { lines = prepareAll(some).map(copyLine) })
  await t('copy', () => copyRecords(client, lines))
  await t('append', () => appendMany(db, some))
  await t('sequence', () => sequence(db, key))
}
await client.end(); await db.destroy(); await d.stop(); await rm(folder, {recursive: true})
process.exit(0)
