import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { sequence } from '../src/archive/archive.ts'
import { type Entry, prepareAll } from '../src/archive/record.ts'
import { capital } from '../src/capital.ts'
import { generator } from '../src/demo/chance.ts'
import { conversation } from '../src/demo/conversation.ts'
import { people } from '../src/demo/people.ts'
import { posts } from '../src/demo/posts.ts'
import type { Installation } from '../src/installation.ts'
import { newId, type PageId } from '../src/storage/ids.ts'

/*
 * What an archive looks like after years: mostly visitors' comments, with the decisions about them and the posts they
 * are under; a few pages of which one has most of the traffic; words as a town uses them, a few of them all the
 * time and many of them once.
 */

const pages = Array.from({ length: 6 }, () => newId<'page'>())
const staff = people.map((person) => ({ ...person, id: newId<'person'>() }))
export const seeded = { pages, people: staff.map(({ id }) => id) }

const remarks = conversation(posts, 3000)
/** Names of streets, people and shops: thousands of words that nobody could list. */
const rareWords = 40_000
const syllables =
  'ba be bo ca ce co da de do fa fi ga gra ha hol ka la le lo ma me mil na ne no pa pe ra re ro sa se sha ta te to va ve wa wil'.split(
    ' ',
  )
export function rareWord(rank: number): string {
  let word = ''
  for (let left = rank + syllables.length; left > 0; left = Math.floor(left / syllables.length))
    word += syllables[left % syllables.length]
  return capital(word)
}

/** How many of two hundred records are of each kind. */
const kinds = Object.entries({
  'comment.capture': 144,
  'comment.keeping': 20,
  'comment.removal': 3,
  'comment.edit': 5,
  'comment.deletion': 4,
  'post.submission': 6,
  'post.approval': 6,
  'post.publication': 6,
  'post.edit': 4,
  'request.collection': 2,
}).flatMap(([kind, times]) => Array<string>(times).fill(kind))
const begin = Date.UTC(2016, 0, 1)

/** Entries in the order of time, `of` of them over ten years; the same ones for the same `seed`. */
export function* entries(of: number, seed = 437): Generator<Entry> {
  const chance = generator(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(chance() * items.length)] as Item
  const step = (10 * 365 * 86_400_000) / of
  for (let n = 0; n < of; n++) {
    const at = new Date(begin + n * step)
    const kind = pick(kinds)
    const person = pick(staff)
    // Half of all traffic is on the first page, a quarter on the second …
    const page = pages[Math.min(pages.length - 1, Math.floor(-Math.log2(1 - chance())))] as PageId
    const remark = pick(remarks)
    // Zipf: the rank of a rare word is drawn so that each tenfold rank is equally likely.
    const detail = () => rareWord(Math.floor(rareWords ** chance()) - 1)
    const words = kind.startsWith('post')
      ? `${pick(posts).text} ${detail()} ${detail()}`
      : `${remark.text} ${chance() < 0.6 ? `${detail()} ${detail()}` : ''}`.trim()
    const visitor = kind === 'comment.capture' || kind === 'comment.edit' || kind === 'comment.deletion'
    yield {
      kind,
      subject: { kind: kind.slice(0, kind.indexOf('.')), id: newId() },
      page,
      by: visitor
        ? { kind: 'visitor', name: remark.name }
        : {
            kind: 'person',
            id: person.id,
            name: person.name,
            roles: [...person.roles],
            designee: false,
          },
      ...(visitor
        ? {}
        : {
            decision: {
              allowed: true,
              action: 'comment.keep',
              rules: ['moderators-decide'],
              clauses: ['IV.A.2.iv', 'IV.A.2.iv.1'],
            },
          }),
      content: { text: words, author: { name: remark.name }, version: 1, postedAt: at.toISOString() },
      words,
      at,
    }
  }
}

const columns =
  'id, kind, subject_kind, subject_id, page, by_kind, by_id, by_name, at, json, salt, words, clauses'
const escapes: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }
const cell = (value: string | null | undefined) =>
  value == null ? '\\N' : value.replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? character)

/** A record's line in PostgreSQL's text format for COPY. */
export const copyLine = ({ entry, ...row }: ReturnType<typeof prepareAll>[number]): string =>
  `${[
    row.id,
    entry.kind,
    entry.subject.kind,
    entry.subject.id,
    entry.page,
    entry.by.kind,
    row.byId,
    row.byName,
    row.at.toISOString(),
    row.json,
    `\\x${row.salt.toString('hex')}`,
    row.words,
    `{${row.clauses.join(',')}}`,
  ]
    .map(cell)
    .join('\t')}\n`

function* preparedInTurn(all: Iterable<Entry>) {
  let some: Entry[] = []
  for (const entry of all) {
    some.push(entry)
    if (some.length < 1000) continue
    yield* prepareAll(some)
    some = []
  }
  yield* prepareAll(some)
}

/** Copies lines into `record`, as PostgreSQL does it without us. */
export const copyRecords = (client: pg.Client, lines: Iterable<string>) =>
  pipeline(Readable.from(lines), client.query(copyFrom(`copy record (${columns}) from stdin`)))

/**
 * Brings the archive up to `records` records, all of them in the log. The rows are real; only the way in is
 * shorter: copied without indexes, which are made again at the end. The log is the sequencer's own work.
 */
export async function fillArchive({
  installation: { db, logKey },
  ownerUrl,
  records,
  say,
}: {
  installation: Installation
  ownerUrl: string
  records: number
  say(line: string): void
}) {
  const { kept } = await db
    .selectFrom('record')
    .select(({ fn }) => fn.countAll<number>().as('kept'))
    .executeTakeFirstOrThrow()
  if (kept >= records) return
  say(`Filling the archive: ${records.toLocaleString('en-US')} records.`)
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(`
      select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
      from pg_index where indrelid = 'record'::regclass and not indisprimary`)
    for (const { name } of indexes) await client.query(`drop index ${name}`)
    const waiting: string[] = []
    const lines = function* () {
      for (const row of preparedInTurn(entries(records - kept, records))) {
        waiting.push(`${row.id}\t\\\\x${row.commitment.toString('hex')}\n`)
        yield copyLine(row)
      }
    }
    await copyRecords(client, lines())
    // Every row was copied a moment ago, so nothing has to be looked up again.
    await client.query("set session_replication_role = 'replica'")
    await pipeline(
      Readable.from(waiting),
      client.query(copyFrom('copy record_to_log (record_id, commitment) from stdin')),
    )
    await client.query("set maintenance_work_mem = '1GB'")
    for (const { definition } of indexes) await client.query(definition)
    await sequence(db, logKey)
    await client.query('vacuum analyze record, record_to_log, log_entry, log_tile')
  } finally {
    await client.end()
  }
}
