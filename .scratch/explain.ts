import pg from 'pg'
import { mkdtemp, rm } from 'node:fs/promises'
import { appendMany, sequence } from '../src/archive/archive.ts'
import { generateLogKey } from '../src/archive/note.ts'
import { openDatabase } from '../src/storage/database.ts'
import { startEmbedded } from '../src/storage/embedded.ts'
import { migrate } from '../src/storage/migrate.ts'
import { entries } from '../bench/seed.ts'
const folder = await mkdtemp('/tmp/bench-prof-')
const d = await startEmbedded(folder)
await migrate(d.owner)
const { db } = openDatabase(d.app)
const key = generateLogKey('x/log')
const client = new pg.Client(d.owner); await client.connect()
for (let r = 0; r < 3; r++) { await appendMany(db, [...entries(20000, r)]); if (r<2) await sequence(db, key) }
await client.query('create table r2 as select * from record where id in (select record_id from record_to_log)')
const show = async (q: string) => { await client.query('begin'); const b=performance.now(); const x = await client.query('explain (analyze, buffers off, costs off) '+q); console.log(x.rows.map((r: any) => Object.values(r)[0]).join('\n'), performance.now()-b); await client.query('rollback') }
await show(`with waiting as (
      delete from record_to_log
      where record_id in (select record_id from record_to_log order by record_id limit 20000)
      returning record_id, commitment),
    logged as (
      insert into log_entry (position, record_id, commitment)
      select 40000::bigint + row_number() over (order by record_id) - 1, record_id, commitment from waiting
      returning position, commitment)
    select commitment from logged order by position`)
await client.query('begin'); await client.query('create table w2 as select * from record_to_log')
await client.query('delete from record_to_log'); await client.query('delete from record where id in (select id from r2)'); await client.query('commit')
await client.query('vacuum record, record_to_log')
await show(`insert into record select id,kind,subject_kind,subject_id,page,by_kind,by_id,by_name,at,json,salt,words,clauses from r2`)
await client.query('vacuum record')
await show(`with added as (insert into record select id,kind,subject_kind,subject_id,page,by_kind,by_id,by_name,at,json,salt,words,clauses from r2) insert into record_to_log select * from w2`)
const idx = (await client.query(`select indexrelid::regclass::text as name from pg_index where indrelid = 'record'::regclass and not indisprimary`)).rows
for (const {name} of idx) { await client.query('drop index '+name); console.log('without', name); const b=performance.now(); await client.query('begin'); await client.query(`insert into record select id,kind,subject_kind,subject_id,page,by_kind,by_id,by_name,at,json,salt,words,clauses from r2`); console.log(performance.now()-b); await client.query('rollback') }
await client.query(`select count(to_tsvector('english', words)) from r2`)
let b=performance.now(); await client.query(`select count(to_tsvector('english', words)) from r2`); console.log('tsvector', performance.now()-b)
await client.end(); await db.destroy(); await d.stop(); await rm(folder, {recursive: true})
process.exit(0)
