import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { testDatabase } from '../../test/database.ts'
import { appendMany, sequence } from '../archive/archive.ts'
import { generateLogKey } from '../archive/note.ts'
import { newId } from './ids.ts'
import { migrate } from './migrate.ts'

/*
 * What the database itself must refuse, whatever bug or intruder speaks to it as the application.
 */

/** Tables whose rows are never changed or removed by the application. */
const unchanging = ['record', 'record_blob', 'log_entry', 'checkpoint']

let database: Awaited<ReturnType<typeof testDatabase>>
beforeAll(async () => {
  database = await testDatabase()
  await appendMany(database.db, [
    {
      kind: 'post.edit',
      subject: { kind: 'post', id: newId() },
      by: { kind: 'system' },
      content: {},
      words: 'Once and for all',
      blobs: [{ sha256: 'a'.repeat(64), bytes: 1, mediaType: 'text/plain', role: 'file' }],
    },
  ])
  await sequence(database.db, generateLogKey('test.example/log'))
})

describe.each(unchanging)('the table %s', (table) => {
  test.each([
    `update ${table} set ctid = ctid`,
    `delete from ${table}`,
    `delete from ${table} using (select 1) one`,
    `truncate ${table} cascade`,
    `drop table ${table} cascade`,
    `alter table ${table} disable trigger all`,
    `alter table ${table} owner to plainview_app`,
    `alter table ${table} add column more int`,
    `alter table ${table} set (autovacuum_enabled = false)`,
    `create rule other as on insert to ${table} do instead nothing`,
    `create trigger other before insert on ${table} for each row execute function suppress_redundant_updates_trigger()`,
    `merge into ${table} t using (select 1) one on true when matched then delete`,
    `select * from ${table} for update`,
    `do $$ begin lock table ${table} in access exclusive mode; end $$`,
  ])('refuses: %s', async (statement) => {
    const before = await rows(table)
    expect(before.length).toBeGreaterThan(0)
    await expect(database.pool.query(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|0A000|428C9)$/),
    })
    expect(await rows(table)).toEqual(before)
  })
  test('gives nobody a right to change it', async () => {
    // PostgreSQL answers with a warning, and grants nothing.
    await database.pool.query(`grant update, delete on ${table} to plainview_app`)
    await expect(database.pool.query(`delete from ${table}`)).rejects.toMatchObject({ code: '42501' })
  })
  test('takes no second row in the place of a first', async () => {
    const { rows: columns } = await database.pool.query(
      `select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
       where i.indrelid = $1::regclass and i.indisprimary`,
      [table],
    )
    const key = columns.map((column) => column.attname).join(', ')
    await expect(
      database.pool.query(
        `insert into ${table} select * from ${table} on conflict (${key}) do update set ${columns[0]?.attname} = excluded.${columns[0]?.attname}`,
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(42501|428C9)$/) })
  })
})

const rows = async (table: string) =>
  (await database.pool.query(`select t::text from ${table} t order by 1`)).rows

describe('the application’s role', () => {
  test.each([
    'set role plainview_owner',
    'set session authorization plainview_owner',
    "set session_replication_role = 'replica'",
    'alter role plainview_app superuser',
    'alter role plainview_app createdb',
    'create role other superuser',
    'reassign owned by plainview_owner to plainview_app',
    'create extension file_fdw',
    "copy record to program 'cat'",
    "copy record to '/tmp/records'",
    "select pg_read_file('/etc/passwd')",
    'update pg_class set relowner = 0',
    "select lo_import('/etc/passwd')",
    'drop database plainview',
    'alter default privileges for role plainview_owner grant all on tables to plainview_app',
    "do $$ begin execute 'delete from record'; end $$",
  ])('may not: %s', async (statement) => {
    await expect(database.pool.query(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|42704|55006)$/),
    })
  })
  test('owns nothing in the schema that holds the records, and is no member of another role', async () => {
    const { rows: owned } = await database.pool.query(
      `select relname from pg_class where relowner = 'plainview_app'::regrole and relnamespace = 'public'::regnamespace
       union all select proname from pg_proc where proowner = 'plainview_app'::regrole and pronamespace = 'public'::regnamespace`,
    )
    expect(owned).toEqual([])
    const { rows: roles } = await database.pool.query(
      "select roleid::regrole::text from pg_auth_members where member = 'plainview_app'::regrole",
    )
    expect(roles).toEqual([])
    const { rows: rights } = await database.pool.query(
      "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication from pg_roles where rolname = 'plainview_app'",
    )
    expect(rights[0]).toEqual({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolbypassrls: false,
      rolreplication: false,
    })
  })
  test('can’t slip names of its own into a function that runs with the owner’s rights', async () => {
    const { rows: functions } = await database.pool.query(
      `select oid::regprocedure::text as name from pg_proc
       where prosecdef and pronamespace = 'public'::regnamespace
         and not coalesce('search_path=public, pg_temp' = any (proconfig), false)`,
    )
    expect(functions).toEqual([])
  })
})

describe('the schema', () => {
  test('every column that names another row does it by a foreign key', async () => {
    const { rows: loose } = await database.pool.query<{ column: string }>(`
      select c.table_name || '.' || c.column_name as column
      from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'uuid'
        and not exists (select from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = any (k.conkey)
          where k.contype in ('f', 'p') and k.conrelid = (c.table_schema || '.' || c.table_name)::regclass
            and a.attname = c.column_name)
      order by 1`)
    expect(loose.map(({ column }) => column).filter((column) => !(column in deliberate))).toEqual([])
  })
  test('every foreign key is checked, and none is left half done', async () => {
    const { rows: unchecked } = await database.pool.query(
      `select conrelid::regclass::text, conname from pg_constraint
       where contype in ('f', 'c') and connamespace = 'public'::regnamespace and (not convalidated or not conenforced)`,
    )
    expect(unchecked).toEqual([])
  })
  test('every table and index says what it is for', async () => {
    const { rows: silent } = await database.pool.query<{ relname: string }>(`
      select c.relname from pg_class c left join pg_index i on i.indexrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i', 'p') and obj_description(c.oid, 'pg_class') is null
        and c.relname <> 'migration'
        and not exists (select from pg_constraint k where k.conindid = c.oid)
      order by 1`)
    expect(silent.map(({ relname }) => relname)).toEqual([])
  })
})

/** Ids without a foreign key, each with its reason. */
const deliberate: Readonly<Record<string, string>> = {
  'comment_poll.taken_by': 'Names no row: the process that reads a page just now.',
  'record.page': 'A record outlives what it tells of, and imports tell of pages that are not registered.',
  'comment_consultation.together': 'Names no row: the questions asked with one key share it.',
  'import_upload.taken_by': 'Names no row: the request that writes a piece just now.',
  'comment_decision.together': 'Names no row: the decisions taken with one key share it.',
}

describe('migrations', () => {
  /** An empty database on the test run's server. */
  async function empty() {
    const name = `empty_${newId().slice(-12)}`
    const admin = new pg.Client({ connectionString: inject('ownerUrl') })
    await admin.connect()
    await admin.query(`create database ${name}`)
    onTestFinished(async () => {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    })
    return Object.assign(new URL(inject('ownerUrl')), { pathname: `/${name}` }).href
  }
  const schemaOf = async (url: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const { rows: columns } = await client.query(
      `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
       where table_schema = 'public' order by 1, 2`,
    )
    await client.end()
    return columns
  }

  test('lead from an empty database to the newest, once; again they change nothing', async () => {
    const url = await empty()
    const names = (await readdir(path.join(import.meta.dirname, 'migrations'))).sort()
    expect(await migrate(url)).toEqual(names)
    const schema = await schemaOf(url)
    expect(await migrate(url)).toEqual([])
    expect(await schemaOf(url)).toEqual(schema)
    expect(schema).toEqual(await schemaOf(database.ownerUrl))
  })
  test('of two processes at once run once', async () => {
    const url = await empty()
    const ran = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(ran.filter((names) => names.length > 0)).toHaveLength(1)
  })
  describe('that fail', () => {
    let folder: string
    beforeAll(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'plainview-migrations-'))
    })
    afterAll(() => rm(folder, { recursive: true, force: true }))
    test('say which one, and go on from there when it is mended', async () => {
      const url = await empty()
      await writeFile(path.join(folder, '001-good.sql'), 'create table good (id int);')
      await writeFile(path.join(folder, '002-bad.sql'), 'create table half (id int); select 1 / 0;')
      await expect(migrate(url, folder)).rejects.toThrow(
        'Migration 002-bad.sql failed; the database is as it was',
      )
      await writeFile(path.join(folder, '002-bad.sql'), 'create table half (id int);')
      expect(await migrate(url, folder)).toEqual(['002-bad.sql'])
    })
  })
})
