import type { Db } from '../src/storage/database.ts'

/** Names the department of a test's empty installation, as set-up would. */
export const nameDepartment = (db: Db) =>
  db
    .insertInto('department')
    .values({
      name: 'Millbrook Police',
      town: 'Millbrook',
      time_zone: 'America/New_York',
      website: 'https://millbrook.example',
      contact_phone: '555-0100',
      contact_email: 'police@millbrook.example',
      contact_address: '1 Common Street',
      seal_blob: null,
      set_up_at: new Date(),
    })
    .execute()
