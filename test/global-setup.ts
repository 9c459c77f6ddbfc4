import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import pg from 'pg'
import pino from 'pino'
import type { TestProject } from 'vitest/node'
import { loadPolicy } from '../src/policy/policy.ts'
import { installSeries } from '../src/retention/retention.ts'
import { startEmbedded } from '../src/storage/embedded.ts'
import { grantJobs } from '../src/storage/grant-jobs.ts'
import { migrate } from '../src/storage/migrate.ts'
import { prepareJobs } from '../src/storage/pg-boss-jobs.ts'

/** One PostgreSQL for the whole test run, with a migrated template that each test file copies. */
export default async function start(project: TestProject) {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-test-'))
  const database = await startEmbedded(folder)
  const template = Object.assign(new URL(database.owner), { pathname: '/plainview_template' }).href
  const admin = new pg.Client({ connectionString: database.owner })
  await admin.connect()
  // What these databases hold is thrown away, so nothing waits for the disk. The tests of crashes have servers of their own.
  for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit'])
    await admin.query(`alter system set ${setting} = off`)
  await admin.query('select pg_reload_conf()')
  await admin.query('create database plainview_template')
  await admin.end()
  await migrate(template)
  await prepareJobs(template, pino({ level: 'silent' }))
  await grantJobs(template)
  await installSeries(template, (await loadPolicy('policy/4.37')).retention)
  project.provide('ownerUrl', database.owner)
  project.provide('appUrl', database.app)
  return async () => {
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
