import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { openDatabase } from '../src/storage/database.ts'
import { atEndOfFile } from './endings.ts'

declare module 'vitest' {
  interface ProvidedContext {
    ownerUrl: string
    appUrl: string
  }
}

const inDatabase = (url: string, name: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href

/** A fresh, fully migrated database on the test run's PostgreSQL. It is dropped when the test file ends. */
export async function testDatabase() {
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = new pg.Client({ connectionString: inject('ownerUrl') })
  await admin.connect()
  await admin.query(`create database ${name} template plainview_template`)
  const url = inDatabase(inject('appUrl'), name)
  const ownerUrl = inDatabase(inject('ownerUrl'), name)
  const { db, pool } = openDatabase(url, { connections: 8 })
  atEndOfFile(async () => {
    await db.destroy()
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.end()
  })
  return { db, pool, url, ownerUrl }
}
