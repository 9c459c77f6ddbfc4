import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import { type Generated, sql } from 'kysely'
import type { Decision, Who } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PageId, type RecordId } from '../storage/ids.ts'

interface RecordTable {
  id: RecordId
  kind: string
  subject_kind: string
  subject_id: string
  page: PageId | null
  by_kind: Who['kind']
  by_id: string | null
  by_name: string | null
  at: Date
  json: string
  salt: Buffer
  words: string
  clauses: string[]
  terms: Generated<string>
}
interface BlobTable {
  record_id: RecordId
  position: number
  sha256: string
  bytes: number
  media_type: string
  role: string
}

declare module '../storage/database.ts' {
  interface Tables {
    record: RecordTable
    record_blob: BlobTable
    record_to_log: { record_id: RecordId; commitment: Buffer }
  }
}

/** A file that belongs to a record; `role` says what it is in it: 'image', 'answer' … */
export interface RecordBlob {
  sha256: string
  bytes: number
  mediaType: string
  role: string
}

/** What happened, as a module tells the archive. */
export interface Entry {
  /** A dotted noun: 'post.publication'. */
  kind: string
  subject: { kind: string; id: string }
  page?: PageId | undefined
  by: Who
  /** The policy's decision behind it, where there was one. */
  decision?: Decision | undefined
  /** Plain JSON. */
  content: object
  /** The words by which it is found, and its text in a production. */
  words?: string | undefined
  blobs?: readonly RecordBlob[] | undefined
  /** When it happened; now, unless it is said. */
  at?: Date | undefined
}

/** A record as the log commits to it: its `json` column is the canonical text of exactly this. */
export interface RecordText {
  version: 1
  id: RecordId
  kind: string
  at: string
  subject: { kind: string; id: string }
  page: PageId | null
  by: Who
  decision: Decision | null
  content: Record<string, unknown>
  words: string
  blobs: RecordBlob[]
}

/** What stands before salt and text when a record is hashed, so that this hash can mean nothing else. */
const purpose = 'plainview record v1\n'

/** What the log commits to for a record: SHA-256 over purpose, salt and the record's canonical text. */
export const commitmentTo = (json: string, salt: Uint8Array): Buffer =>
  createHash('sha256').update(purpose).update(salt).update(json).digest()

/** The longest text that is searched; PostgreSQL indexes no more than a megabyte of it. */
const longestWords = 200_000

function prepare(entry: Entry) {
  const id = newId<'record'>()
  const words = wellFormed(entry.words ?? '').slice(0, longestWords)
  const at = entry.at ?? new Date()
  const record = {
    version: 1,
    id,
    kind: entry.kind,
    at: at.toISOString(),
    subject: entry.subject,
    page: entry.page ?? null,
    by: entry.by,
    decision: entry.decision ?? null,
    content: entry.content,
    words,
    blobs: entry.blobs ?? [],
  }
  // Through JSON once, so that what is hashed is what JSON can say: no undefined, no Date, no broken surrogate.
  const plain = JSON.parse(JSON.stringify(record), (_, value) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  )
  const json = canonicalize(plain)
  if (json === undefined) throw new Error(`A record of kind ${entry.kind} has no JSON text.`)
  const salt = randomBytes(32)
  const { by } = entry
  return {
    id,
    at,
    words,
    json,
    salt,
    commitment: commitmentTo(json, salt),
    byId: by.kind === 'person' ? by.id : null,
    byName: 'name' in by ? wellFormed(by.name ?? '') || null : null,
    clauses: [...(entry.decision?.clauses ?? [])],
  }
}

/** PostgreSQL's text holds no NUL; the record's JSON keeps it escaped. */
const wellFormed = (text: string) => text.toWellFormed().replaceAll('\0', '')

/** Adds a record in the caller's transaction: it exists if, and only if, what it tells of does. */
export async function append(tx: Tx, entry: Entry): Promise<RecordId> {
  const [id] = await insert(tx, [entry])
  return id as RecordId
}

/** Adds many records at once, in the order given. */
export async function appendMany(db: Db | Tx, entries: readonly Entry[]): Promise<RecordId[]> {
  if (db.isTransaction) return insert(db as Tx, entries)
  return db.transaction().execute((tx) => insert(tx, entries))
}

async function insert(tx: Tx, entries: readonly Entry[]): Promise<RecordId[]> {
  if (entries.length === 0) return []
  const rows = entries.map(prepare)
  const column = <Value>(of: (row: (typeof rows)[number], entry: Entry) => Value) =>
    rows.map((row, n) => of(row, entries[n] as Entry))
  // One statement whatever the number of rows: a record's own cost is one journey to the database.
  await sql`
    with added as (
      insert into record
        (id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words, clauses)
      select id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words,
        string_to_array(clauses, ' ')
      from unnest(
        ${column((row) => row.id)}::uuid[],
        ${column((_, entry) => entry.kind)}::text[],
        ${column((_, entry) => entry.subject.kind)}::text[],
        ${column((_, entry) => entry.subject.id)}::text[],
        ${column((_, entry) => entry.page ?? null)}::uuid[],
        ${column((_, entry) => entry.by.kind)}::text[],
        ${column((row) => row.byId)}::text[],
        ${column((row) => row.byName)}::text[],
        ${column((row) => row.at.toISOString())}::timestamptz[],
        ${column((row) => row.json)}::text[],
        ${column((row) => row.salt)}::bytea[],
        ${column((row) => row.words)}::text[],
        ${column((row) => row.clauses.join(' '))}::text[]
      ) as entry (id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words, clauses)
      returning 1)
    insert into record_to_log (record_id, commitment)
    select * from unnest(${column((row) => row.id)}::uuid[], ${column((row) => row.commitment)}::bytea[])`.execute(
    tx,
  )
  const blobs = entries.flatMap((entry, n) =>
    (entry.blobs ?? []).map((blob, position) => ({
      record_id: (rows[n] as (typeof rows)[number]).id,
      position,
      sha256: blob.sha256,
      bytes: blob.bytes,
      media_type: blob.mediaType,
      role: blob.role,
    })),
  )
  // A statement takes 65,535 values at most.
  for (let done = 0; done < blobs.length; done += 5_000)
    await tx
      .insertInto('record_blob')
      .values(blobs.slice(done, done + 5_000))
      .execute()
  return rows.map((row) => row.id)
}
