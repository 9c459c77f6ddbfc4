import { createHash, randomBytes } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import canonicalize from 'canonicalize'
import { type Generated, sql } from 'kysely'
import type { Decision, Who } from '../policy/policy.ts'
import { byteas, texts, times, uuids } from '../storage/arrays.ts'
import { type Db, kept, type Tx } from '../storage/database.ts'
import { type Id, newId, type PageId, type RecordId } from '../storage/ids.ts'
import { storable } from '../storage/storable.ts'
import { noteConcealment } from './concealment.ts'

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
  /** Null, like the salt, when the record was lawfully disposed of. */
  json: string | null
  salt: Buffer | null
  words: string
  /** Words read from its files by machine; kept by the database alone. */
  read_words: Generated<string>
  clauses: string[]
  terms: Generated<string>
  /** The run that disposed of it. */
  disposition: Generated<Id<'disposition'> | null>
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
    record_posted: { record_id: RecordId; posted_at: Date }
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
  /** When its content was published, if that was at another time: the record is found by it too. */
  postedAt?: Date | undefined
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

/** Records as they are stored, each with its id, canonical text, salt and commitment, and what it was made from. */
export function prepareAll(entries: readonly Entry[]) {
  // All salts in one draw: asking the system for each costs as much as its canonical text.
  const salts = randomBytes(entries.length * saltBytes)
  return entries.map((entry, n) => ({
    entry,
    ...prepare(entry, salts.subarray(n * saltBytes, (n + 1) * saltBytes)),
  }))
}
const saltBytes = 32

function prepare(entry: Entry, salt: Buffer) {
  const id = newId<'record'>()
  // The record's JSON keeps a NUL escaped.
  const words = storable(entry.words ?? '').slice(0, longestWords)
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
  const json = canonicalize(plainJson(record))
  if (json === undefined) throw new Error(`A record of kind ${entry.kind} has no JSON text.`)
  const { by } = entry
  return {
    id,
    at,
    words,
    json,
    salt,
    commitment: commitmentTo(json, salt),
    byId: by.kind === 'person' ? by.id : null,
    byName: 'name' in by ? storable(by.name ?? '') || null : null,
    clauses: [...(entry.decision?.clauses ?? [])],
  }
}

/** What JSON can say of a value, and nothing else: no undefined, no Date, no broken surrogate. */
function plainJson(value: object): unknown {
  const text = JSON.stringify(value)
  // A broken surrogate is escaped in the text; only then each string has to be looked at.
  if (!text.includes('\\ud')) return JSON.parse(text)
  return JSON.parse(text, (_, part) => (typeof part === 'string' ? part.toWellFormed() : part))
}

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

/** As many records as one statement takes: the next ones are prepared while the database stores these. */
const batch = 2_000

async function insert(tx: Tx, entries: readonly Entry[]): Promise<RecordId[]> {
  const ids: RecordId[] = []
  let storing: Promise<unknown> = Promise.resolve()
  for (let done = 0; done < entries.length; done += batch) {
    const some = prepareAll(entries.slice(done, done + batch))
    await storing
    storing = insertBatch(tx, some)
    // Its end, good or bad, is awaited above or below; until then nobody else has to hear of it.
    storing.catch(() => {})
    ids.push(...some.map((row) => row.id))
    // Lets the statement leave before the processor turns to the next batch.
    if (done + batch < entries.length) await setImmediate()
  }
  await storing
  return ids
}

async function insertBatch(tx: Tx, rows: ReturnType<typeof prepareAll>) {
  const ids = uuids(rows.map((row) => row.id))
  // One statement whatever the number of rows: a record's own cost is one journey to the database.
  await sql`
    with added as (
      insert into record
        (id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words, clauses)
      select id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words,
        string_to_array(clauses, ' ')
      from unnest(
        ${ids}::uuid[],
        ${texts(rows.map(({ entry }) => entry.kind))}::text[],
        ${texts(rows.map(({ entry }) => entry.subject.kind))}::text[],
        ${texts(rows.map(({ entry }) => entry.subject.id))}::text[],
        ${uuids(rows.map(({ entry }) => entry.page ?? null))}::uuid[],
        ${texts(rows.map(({ entry }) => entry.by.kind))}::text[],
        ${texts(rows.map((row) => row.byId))}::text[],
        ${texts(rows.map((row) => row.byName))}::text[],
        ${times(rows.map((row) => row.at))}::timestamptz[],
        ${texts(rows.map((row) => row.json))}::text[],
        ${byteas(rows.map((row) => row.salt))}::bytea[],
        ${texts(rows.map((row) => row.words))}::text[],
        ${texts(rows.map((row) => row.clauses.join(' ')))}::text[]
      ) as entry (id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words, clauses)
      returning 1)
    insert into record_to_log (record_id, commitment)
    select * from unnest(${ids}::uuid[], ${byteas(rows.map((row) => row.commitment))}::bytea[]) ${kept}`.execute(
    tx,
  )
  await noteConcealment(
    tx,
    rows.map(({ entry, at }) => ({ ...entry, at })),
  )
  const posted = rows.flatMap(({ id, entry: { postedAt } }) =>
    postedAt ? [{ record_id: id, posted_at: postedAt }] : [],
  )
  if (posted.length > 0) await tx.insertInto('record_posted').values(posted).execute()
  const blobs = rows.flatMap(({ id, entry }) =>
    (entry.blobs ?? []).map((blob, position) => ({ id, position, ...blob })),
  )
  if (blobs.length > 0)
    await sql`
      insert into record_blob (record_id, position, sha256, bytes, media_type, role)
      select * from unnest(
        ${uuids(blobs.map(({ id }) => id))}::uuid[],
        ${blobs.map(({ position }) => position)}::int[],
        ${texts(blobs.map(({ sha256 }) => sha256))}::text[],
        ${blobs.map(({ bytes }) => bytes)}::bigint[],
        ${texts(blobs.map(({ mediaType }) => mediaType))}::text[],
        ${texts(blobs.map(({ role }) => role))}::text[]) ${kept}`.execute(tx)
}
