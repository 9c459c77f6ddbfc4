import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../storage/database.ts'
import type { Id, PageId, PersonId, RecordId } from '../storage/ids.ts'
import { countedAtMost, filesOnAPage, holdsOnAPage, runsOnAPage } from './limits.ts'
import { type RunState, stateOf } from './rules.ts'

export type HoldId = Id<'hold'>
export type DispositionId = Id<'disposition'>

interface HoldTable {
  id: HoldId
  matter: string
  reason: string
  custodians: string
  placed_by: PersonId
  placed_at: Date
}
interface ScopeTable {
  id: string
  hold: HoldId
  record: RecordId | null
  subject_kind: string | null
  subject_id: string | null
  page: PageId | null
  person: PersonId | null
  mentions: string | null
  words: string | null
  /** What the archive makes of the words. */
  sought: string | null
  kind: string | null
  since: Date | null
  until: Date | null
  placed_by: PersonId
  placed_at: Date
}
interface Ending {
  hold: HoldId
  reason: string
  by: PersonId
  at: Date
}
interface SeriesTable {
  id: string
  title: string
  years: number | null
  counts_from: 'closing' | 'last-record' | null
  counted: 'end-of-year' | 'day' | null
  permission: boolean
  basis: string
  others: boolean
  in_force: boolean
}
interface FileTable {
  disposition: DispositionId
  subject_kind: string
  subject_id: string
  records: number
  first_at: Date
  last_at: Date
  due_on: string
}
interface Step {
  disposition: DispositionId
  by: PersonId
  at: Date
}

declare module '../storage/database.ts' {
  interface Tables {
    retention_series: SeriesTable
    hold: HoldTable
    hold_scope: ScopeTable
    hold_release: Ending
    hold_merge: Ending & { into_hold: HoldId }
    hold_in_force: HoldTable
    held_record: { hold: HoldId; record: RecordId; subject_kind: string; subject_id: string }
    disposition: {
      id: DispositionId
      series: string
      as_of: string
      note: string
      proposed_by: PersonId
      proposed_at: Date
    }
    disposition_file: FileTable
    disposition_exception: {
      disposition: DispositionId
      subject_kind: string
      subject_id: string
      reason: string
      by: PersonId | null
      at: Date
    }
    disposition_permission: Step & { id: string; number: string; granted_on: string }
    disposition_approval: { disposition: DispositionId; person: PersonId; at: Date }
    disposition_refusal: Step & { reason: string }
    disposition_order: Step
    disposition_cancellation: Step & { reason: string }
    disposition_beginning: { disposition: DispositionId; at: Date }
    disposed_file: {
      disposition: DispositionId
      subject_kind: string
      subject_id: string
      records: number
      at: Date
    }
    disposed_blob: { disposition: DispositionId; sha256: string; ended_at: Date | null; kept: boolean }
    disposition_certificate: { disposition: DispositionId; record: RecordId; at: Date }
  }
}

// ------------------------------------------------------------------------------------------ series

export type Series = Selectable<SeriesTable>

export const seriesById = (db: Db | Tx, id: string): Promise<Series | undefined> =>
  db
    .selectFrom('retention_series')
    .selectAll()
    .where('id', '=', id)
    .where('in_force', '=', true)
    .executeTakeFirst()

export interface SeriesLine extends Series {
  records: number
  since: Date | null
  /** Files whose period is over, up to `countedAtMost`. */
  due: number
}

/** Every series with what it holds now, in the pack's own order of titles. */
export async function seriesLines(db: Db, today: string): Promise<SeriesLine[]> {
  const { rows } = await sql<Omit<SeriesLine, 'due'>>`
    select s.*, coalesce(sum(k.records), 0)::int as records, min(k.since) as since
    from retention_series s
    left join (select kind, count(*) as records, min(at) as since from record where disposition is null group by kind) k
      on series_of(k.kind) = s.id
    where s.in_force group by s.id order by s.others, s.years is null, s.title`.execute(db)
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      due: row.years === null ? 0 : (await dueFiles(db, row, today, countedAtMost)).length,
    })),
  )
}

export interface DueFile {
  subject_kind: string
  subject_id: string
  records: number
  first_at: Date
  last_at: Date
  due_on: string
}

/** Files of a series whose period was over on `asOf`, oldest first, whether or not something else keeps them. */
export async function dueFiles(db: Db | Tx, series: Series, asOf: string, limit: number): Promise<DueFile[]> {
  if (series.years === null) return []
  // Only what has a record from before the period can be due; the index by time makes that quick. A day's slack
  // covers the difference between the department's calendar and UTC.
  const { rows } = await sql<DueFile>`
    with old as materialized (
      select distinct subject_kind, subject_id from record
      where disposition is null and series_of(kind) = ${series.id}
        and at < ${asOf}::date - make_interval(years => ${series.years}::int) + interval '1 day')
    select old.*, file.*, due.due_on::text
    from old
    cross join lateral (
      select count(*)::int as records, min(at) as first_at, max(at) as last_at from record r
      where r.subject_kind = old.subject_kind and r.subject_id = old.subject_id and r.disposition is null
        and series_of(r.kind) = ${series.id}) file
    cross join lateral (select file_due(${series.id}, old.subject_kind, old.subject_id) as due_on) due
    where due.due_on <= ${asOf}::date
    order by file.last_at, old.subject_id
    limit ${limit}`.execute(db)
  return rows
}

/** Today on the department's calendar, by the database's clock: the one that disposition goes by. */
export async function today(db: Db | Tx): Promise<string> {
  const { rows } = await sql<{ day: string }>`select department_day(now())::text as day`.execute(db)
  return (rows[0] as { day: string }).day
}

/** What stands against disposing of a file, in a word of the database; null when nothing does. */
export async function hindranceOf(
  db: Db | Tx,
  series: string,
  subject: { kind: string; id: string },
): Promise<string | null> {
  const { rows } = await sql<{ hindrance: string | null }>`
    select file_hindrance(${series}, ${subject.kind}, ${subject.id}) as hindrance`.execute(db)
  return rows[0]?.hindrance ?? null
}

/** The same for many at once, in their order. */
export async function hindrancesOf(
  db: Db | Tx,
  series: string,
  files: readonly { subject_kind: string; subject_id: string }[],
): Promise<(string | null)[]> {
  const { rows } = await sql<{ hindrance: string | null }>`
    select file_hindrance(${series}, kind, id) as hindrance
    from unnest(${files.map((one) => one.subject_kind)}::text[], ${files.map((one) => one.subject_id)}::text[])
      with ordinality as file (kind, id, place) order by place`.execute(db)
  return rows.map((row) => row.hindrance)
}

/** When a run destroyed what there was about a thing; null when it has not. */
export async function disposedAt(
  db: Db,
  disposition: DispositionId,
  subject: { kind: string; id: string },
): Promise<Date | null> {
  const row = await db
    .selectFrom('disposed_file')
    .select('at')
    .where('disposition', '=', disposition)
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .executeTakeFirst()
  return row?.at ?? null
}

/** The series of a kind of record, and the first day on which this file of it may go; null while that is open. */
export async function retentionOf(db: Db, kind: string, subject: { kind: string; id: string }) {
  const { rows } = await sql<Series & { due_on: string | null }>`
    select s.*, file_due(s.id, ${subject.kind}, ${subject.id})::text as due_on
    from retention_series s where s.id = series_of(${kind})`.execute(db)
  return rows[0] ?? null
}

// ------------------------------------------------------------------------------------------- holds

export type Scope = Selectable<ScopeTable>
/** What one condition of a hold asks of a record; at least one of them. */
export type ScopeConditions = Partial<
  Pick<
    Scope,
    | 'record'
    | 'subject_kind'
    | 'subject_id'
    | 'page'
    | 'person'
    | 'mentions'
    | 'words'
    | 'kind'
    | 'since'
    | 'until'
  >
>

/**
 * Nobody else can change a hold until the transaction ends. The application may not lock the row itself, since it
 * may not change it; changes of one hold wait for each other under its number instead.
 */
export const lockHold = (tx: Tx, id: HoldId) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`hold ${id}`}, 0))`.execute(tx)

export const insertHold = (tx: Tx, hold: HoldTable) => tx.insertInto('hold').values(hold).execute()

export async function insertScopes(
  tx: Tx,
  hold: HoldId,
  scopes: readonly (ScopeConditions & { sought?: string })[],
  made: { newId: () => string; by: PersonId; at: Date },
) {
  const nothing = {
    record: null,
    subject_kind: null,
    subject_id: null,
    page: null,
    person: null,
    mentions: null,
    words: null,
    sought: null,
    kind: null,
    since: null,
    until: null,
  }
  await tx
    .insertInto('hold_scope')
    .values(
      scopes.map((scope) => ({
        ...nothing,
        ...scope,
        id: made.newId(),
        hold,
        placed_by: made.by,
        placed_at: made.at,
      })),
    )
    .execute()
}

export const insertRelease = (tx: Tx, release: Ending) =>
  tx.insertInto('hold_release').values(release).execute()
export const insertMerge = (tx: Tx, merge: Ending & { into_hold: HoldId }) =>
  tx.insertInto('hold_merge').values(merge).execute()

export type HoldState = 'in-force' | 'released' | 'merged'
export interface HoldLine extends HoldTable {
  placedByName: string
  state: HoldState
}

const holdLines = (db: Db | Tx) =>
  db
    .selectFrom('hold')
    .innerJoin('person', 'person.id', 'hold.placed_by')
    .leftJoin('hold_release', 'hold_release.hold', 'hold.id')
    .leftJoin('hold_merge', 'hold_merge.hold', 'hold.id')
    .selectAll('hold')
    .select('person.name as placedByName')
    .select(
      sql<HoldState>`case when hold_release.hold is not null then 'released'
        when hold_merge.hold is not null then 'merged' else 'in-force' end`.as('state'),
    )

/** One page of the holds, newest first; those in force unless all are wanted. */
export async function listHolds(
  db: Db,
  { all, words, page }: { all: boolean; words: string; page: number },
): Promise<{ total: number; holds: HoldLine[] }> {
  let found = holdLines(db)
  if (!all) found = found.where('hold_release.hold', 'is', null).where('hold_merge.hold', 'is', null)
  if (words) {
    const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`
    found = found.where((e) =>
      e.or([e('hold.matter', 'ilike', pattern), e('hold.custodians', 'ilike', pattern)]),
    )
  }
  const { total } = await db
    .selectFrom(found.as('found'))
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const holds = await found
    .orderBy('hold.placed_at', 'desc')
    .orderBy('hold.id')
    .limit(holdsOnAPage)
    .offset((page - 1) * holdsOnAPage)
    .execute()
  return { total, holds }
}

export interface Hold extends HoldLine {
  scopes: (Scope & { pageTitle: string | null; personName: string | null })[]
  release: { reason: string; at: Date; byName: string } | null
  merge: { reason: string; at: Date; byName: string; into: HoldId; intoMatter: string } | null
}

export async function holdById(db: Db | Tx, id: HoldId): Promise<Hold | null> {
  const line = await holdLines(db).where('hold.id', '=', id).executeTakeFirst()
  if (!line) return null
  const scopes = await db
    .selectFrom('hold_scope')
    .leftJoin('page', 'page.id', 'hold_scope.page')
    .leftJoin('person', 'person.id', 'hold_scope.person')
    .selectAll('hold_scope')
    .select(['page.title as pageTitle', 'person.name as personName'])
    .where('hold', '=', id)
    .orderBy('placed_at')
    .orderBy('hold_scope.id')
    .execute()
  const release = await db
    .selectFrom('hold_release')
    .innerJoin('person', 'person.id', 'by')
    .select(['reason', 'at', 'person.name as byName'])
    .where('hold', '=', id)
    .executeTakeFirst()
  const merge = await db
    .selectFrom('hold_merge')
    .innerJoin('person', 'person.id', 'by')
    .innerJoin('hold', 'hold.id', 'into_hold')
    .select([
      'hold_merge.reason',
      'at',
      'person.name as byName',
      'into_hold as into',
      'hold.matter as intoMatter',
    ])
    .where('hold_merge.hold', '=', id)
    .executeTakeFirst()
  return { ...line, scopes, release: release ?? null, merge: merge ?? null }
}

/** Everybody whose records can be held, those who have left included. */
export const everybody = (db: Db): Promise<{ id: PersonId; name: string }[]> =>
  db.selectFrom('person').select(['id', 'name']).orderBy('name').execute()

/** Other holds in force, for a choice. */
export const holdsInForce = (db: Db, but?: HoldId) =>
  db
    .selectFrom('hold_in_force')
    .select(['id', 'matter'])
    .$if(but !== undefined, (query) => query.where('id', '!=', but as HoldId))
    .orderBy('placed_at', 'desc')
    .limit(500)
    .execute()

/** How many records a hold covers, and how many things these are about, as far as that was worked out. */
export async function countHeld(db: Db, hold: HoldId): Promise<{ records: number; things: number }> {
  const { rows } = await sql<{ records: number; things: number }>`
    select coalesce(sum(records), 0)::int as records, count(*)::int as things
    from (select count(*) as records from hold_coverage where hold = ${hold} and itself
      group by subject_kind, subject_id) as thing`.execute(db)
  return rows[0] ?? { records: 0, things: 0 }
}

/** The holds in force on a thing: one on any record about it holds them all. */
export const holdsOn = (db: Db, subject: { kind: string; id: string }) =>
  db
    .selectFrom('held_record')
    .innerJoin('hold', 'hold.id', 'held_record.hold')
    .select(['hold.id', 'hold.matter'])
    .distinct()
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .orderBy('hold.matter')
    .execute()

/** Whether there is anything in it that a search can look for: in "and the" there is not. */
export async function canBeSearched(db: Db | Tx, sought: string): Promise<boolean> {
  const { rows } = await sql<{ nodes: number }>`
    select numnode(to_tsquery('english', ${sought})) as nodes`.execute(db)
  return (rows[0]?.nodes ?? 0) > 0
}

export const recordExists = async (db: Db | Tx, id: RecordId): Promise<boolean> =>
  (await db.selectFrom('record').select('id').where('id', '=', id).executeTakeFirst()) !== undefined

// ------------------------------------------------------------------------------------ dispositions

export async function insertRun(
  tx: Tx,
  run: {
    id: DispositionId
    series: string
    as_of: string
    note: string
    proposed_by: PersonId
    proposed_at: Date
  },
  files: readonly DueFile[],
) {
  await tx.insertInto('disposition').values(run).execute()
  await sql`
    insert into disposition_file (disposition, subject_kind, subject_id, records, first_at, last_at, due_on)
    select ${run.id}, * from unnest(
      ${files.map((one) => one.subject_kind)}::text[], ${files.map((one) => one.subject_id)}::text[],
      ${files.map((one) => one.records)}::int[], ${files.map((one) => one.first_at.toISOString())}::timestamptz[],
      ${files.map((one) => one.last_at.toISOString())}::timestamptz[], ${files.map((one) => one.due_on)}::date[])`.execute(
    tx,
  )
}

interface Made {
  byName: string
  at: Date
}
/** A run with everything that has happened to it. */
export interface Run {
  id: DispositionId
  series: Series
  asOf: string
  note: string
  proposedBy: PersonId
  proposedByName: string
  proposedAt: Date
  state: RunState
  approvals: { person: PersonId; name: string; at: Date }[]
  permission: (Made & { number: string; grantedOn: string }) | null
  refusal: (Made & { reason: string }) | null
  cancellation: (Made & { reason: string }) | null
  order: Made | null
  begunAt: Date | null
  certificate: { record: RecordId; at: Date } | null
  counts: {
    files: number
    records: number
    excepted: number
    exceptedRecords: number
    disposed: number
    disposedRecords: number
  }
}

export async function runById(db: Db | Tx, id: DispositionId): Promise<Run | null> {
  const run = await db
    .selectFrom('disposition')
    .innerJoin('person', 'person.id', 'proposed_by')
    .selectAll('disposition')
    .select('person.name')
    .where('disposition.id', '=', id)
    .executeTakeFirst()
  if (!run) return null
  const series = await db
    .selectFrom('retention_series')
    .selectAll()
    .where('id', '=', run.series)
    .executeTakeFirstOrThrow()
  const approvals = await db
    .selectFrom('disposition_approval')
    .innerJoin('person', 'person.id', 'disposition_approval.person')
    .select(['disposition_approval.person', 'person.name', 'at'])
    .where('disposition', '=', id)
    .orderBy('at')
    .execute()
  const permission = await db
    .selectFrom('disposition_permission')
    .innerJoin('person', 'person.id', 'by')
    .select(['number', 'granted_on as grantedOn', 'at', 'person.name as byName'])
    .where('disposition', '=', id)
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  const reasoned = (table: 'disposition_refusal' | 'disposition_cancellation') =>
    db
      .selectFrom(table)
      .innerJoin('person', 'person.id', 'by')
      .select(['reason', 'at', 'person.name as byName'])
      .where('disposition', '=', id)
      .executeTakeFirst()
  const refusal = await reasoned('disposition_refusal')
  const cancellation = await reasoned('disposition_cancellation')
  const order = await db
    .selectFrom('disposition_order')
    .innerJoin('person', 'person.id', 'by')
    .select(['at', 'person.name as byName'])
    .where('disposition', '=', id)
    .executeTakeFirst()
  const beginning = await db
    .selectFrom('disposition_beginning')
    .select('at')
    .where('disposition', '=', id)
    .executeTakeFirst()
  const certificate = await db
    .selectFrom('disposition_certificate')
    .select(['record', 'at'])
    .where('disposition', '=', id)
    .executeTakeFirst()
  const { rows: counts } = await sql<Run['counts']>`
    select count(*)::int as files, coalesce(sum(f.records), 0)::int as records, count(x.disposition)::int as excepted,
      coalesce(sum(f.records) filter (where x.disposition is not null), 0)::int as "exceptedRecords",
      count(d.disposition)::int as disposed, coalesce(sum(d.records), 0)::int as "disposedRecords"
    from disposition_file f
    left join disposition_exception x using (disposition, subject_kind, subject_id)
    left join disposed_file d using (disposition, subject_kind, subject_id)
    where f.disposition = ${id}`.execute(db)
  return {
    id,
    series,
    asOf: run.as_of,
    note: run.note,
    proposedBy: run.proposed_by,
    proposedByName: run.name,
    proposedAt: run.proposed_at,
    approvals,
    permission: permission ?? null,
    refusal: refusal ?? null,
    cancellation: cancellation ?? null,
    order: order ?? null,
    begunAt: beginning?.at ?? null,
    certificate: certificate ?? null,
    counts: counts[0] as Run['counts'],
    state: stateOf({
      proposedBy: run.proposed_by,
      approvals,
      refused: refusal !== undefined,
      cancelled: cancellation !== undefined,
      ordered: order !== undefined,
      begun: beginning !== undefined,
      certified: certificate !== undefined,
    }),
  }
}

/**
 * The run, with nobody else able to take a step of it until the transaction ends. The application may not lock the
 * row itself, since it may not change it; steps of one run wait for each other under its number instead.
 */
export async function lockRun(tx: Tx, id: DispositionId): Promise<Run | null> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`disposition ${id}`}, 0))`.execute(tx)
  return runById(tx, id)
}

/** One page of the runs, newest first. */
export async function listRuns(db: Db, { page }: { page: number }): Promise<{ total: number; runs: Run[] }> {
  const { total } = await db
    .selectFrom('disposition')
    .select((e) => e.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow()
  const ids = await db
    .selectFrom('disposition')
    .select('id')
    .orderBy('proposed_at', 'desc')
    .orderBy('id')
    .limit(runsOnAPage)
    .offset((page - 1) * runsOnAPage)
    .execute()
  const runs = await Promise.all(ids.map(({ id }) => runById(db, id)))
  return { total, runs: runs.filter((run) => run !== null) }
}

/** Runs that wait for approvals or are approved and not ordered, oldest first. */
export async function openRuns(db: Db): Promise<Run[]> {
  const { rows } = await sql<{ id: DispositionId }>`
    select d.id from disposition d
    where not exists (select from disposition_refusal where disposition = d.id)
      and not exists (select from disposition_cancellation where disposition = d.id)
      and not exists (select from disposition_order where disposition = d.id)
    order by d.proposed_at limit 50`.execute(db)
  const runs = await Promise.all(rows.map(({ id }) => runById(db, id)))
  return runs.filter((run) => run !== null)
}

/** Runs that were ordered and have no end, which a sweep puts back into the queue. */
export async function unfinishedRuns(db: Db): Promise<DispositionId[]> {
  const { rows } = await sql<{ disposition: DispositionId }>`
    select o.disposition from disposition_order o
    where not exists (select from disposition_cancellation c where c.disposition = o.disposition)
      and not exists (select from disposition_certificate c where c.disposition = o.disposition)`.execute(db)
  return rows.map((row) => row.disposition)
}

export interface RunFile extends FileTable {
  exception: string | null
  /** What would keep it now, if the run were carried out, in a word of the database; null when nothing would. */
  hindrance: string | null
  disposedAt: Date | null
  /** Its first record that is still there, and the beginning of what that says. */
  record: RecordId | null
  words: string | null
}

/** One page of a run's files, those with the oldest last record first. */
export async function runFiles(
  db: Db,
  { id, series }: Pick<Run, 'id' | 'series'>,
  page: number,
): Promise<RunFile[]> {
  const { rows } = await sql<RunFile>`
    select f.*, x.reason as exception,
      case when x.disposition is null and d.disposition is null
        then file_hindrance(${series.id}, f.subject_kind, f.subject_id) end as hindrance, d.at as "disposedAt", r.id as record, r.words
    from disposition_file f
    left join disposition_exception x using (disposition, subject_kind, subject_id)
    left join disposed_file d using (disposition, subject_kind, subject_id)
    left join lateral (
      select id, left(words, 141) as words from record
      where subject_kind = f.subject_kind and subject_id = f.subject_id and disposition is null
      order by at, id limit 1) r on true
    where f.disposition = ${id}
    order by f.last_at, f.subject_id limit ${filesOnAPage} offset ${(page - 1) * filesOnAPage}`.execute(db)
  return rows
}

export const isOnList = async (tx: Tx, id: DispositionId, subject: { kind: string; id: string }) =>
  (await tx
    .selectFrom('disposition_file')
    .select('records')
    .where('disposition', '=', id)
    .where('subject_kind', '=', subject.kind)
    .where('subject_id', '=', subject.id)
    .executeTakeFirst()) !== undefined

/** Keeps a file of a run; false when it was kept already. */
export async function insertException(
  tx: Tx,
  id: DispositionId,
  subject: { kind: string; id: string },
  made: { reason: string; by: PersonId | null; at: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('disposition_exception')
    .values({ disposition: id, subject_kind: subject.kind, subject_id: subject.id, ...made })
    .onConflict((conflict) => conflict.columns(['disposition', 'subject_kind', 'subject_id']).doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export const insertPermission = (
  tx: Tx,
  row: { id: string; disposition: DispositionId; number: string; granted_on: string; by: PersonId; at: Date },
) => tx.insertInto('disposition_permission').values(row).execute()
export const insertApproval = (tx: Tx, row: { disposition: DispositionId; person: PersonId; at: Date }) =>
  tx.insertInto('disposition_approval').values(row).execute()
export const insertRefusal = (tx: Tx, row: Step & { reason: string }) =>
  tx.insertInto('disposition_refusal').values(row).execute()
export const insertOrder = (tx: Tx, row: Step) => tx.insertInto('disposition_order').values(row).execute()
export const insertCancellation = (tx: Tx, row: Step & { reason: string }) =>
  tx.insertInto('disposition_cancellation').values(row).execute()
export const insertBeginning = (tx: Tx, disposition: DispositionId, at: Date) =>
  tx
    .insertInto('disposition_beginning')
    .values({ disposition, at })
    .onConflict((conflict) => conflict.column('disposition').doNothing())
    .execute()

/** The next files of a run that are neither destroyed nor kept. */
export async function pendingFiles(db: Db | Tx, id: DispositionId, limit: number) {
  const { rows } = await sql<{ kind: string; id: string }>`
    select f.subject_kind as kind, f.subject_id as id from disposition_file f
    where f.disposition = ${id}
      and not exists (select from disposition_exception x where x.disposition = f.disposition
        and x.subject_kind = f.subject_kind and x.subject_id = f.subject_id)
      and not exists (select from disposed_file d where d.disposition = f.disposition
        and d.subject_kind = f.subject_kind and d.subject_id = f.subject_id)
    order by f.last_at, f.subject_id limit ${limit}`.execute(db)
  return rows
}

/** Nobody can place a hold until the transaction ends; who was placing one has finished. */
export const keepHoldsOut = (tx: Tx) => sql`select keep_holds_out()`.execute(tx)

/** Destroys one file. The database checks everything again and throws when something must be kept. */
export async function disposeOfFile(
  tx: Tx,
  id: DispositionId,
  subject: { kind: string; id: string },
): Promise<number> {
  const { rows } = await sql<{ destroyed: number }>`
    select dispose_of_file(${id}, ${subject.kind}, ${subject.id}) as destroyed`.execute(tx)
  return rows[0]?.destroyed ?? 0
}

/** Stored files are looked at and deleted by one process at a time. */
export const takeTurnAtBlobs = (tx: Tx) =>
  sql`select pg_advisory_xact_lock(hashtextextended('disposed blobs', 0))`.execute(tx)

/** Kept files that nothing names any more. */
export async function keptBlobsWithoutUse(tx: Tx) {
  const { rows } = await sql<{ disposition: DispositionId; sha256: string }>`
    select disposition, sha256 from disposed_blob where kept and not blob_in_use(sha256) limit 100`.execute(
    tx,
  )
  return rows
}

export const pendingBlobs = (db: Tx, id: DispositionId, limit: number) =>
  db
    .selectFrom('disposed_blob')
    .select('sha256')
    .where('disposition', '=', id)
    .where('ended_at', 'is', null)
    .orderBy('sha256')
    .limit(limit)
    .execute()

export async function blobInUse(db: Tx, sha256: string): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`select blob_in_use(${sha256}) as used`.execute(db)
  return rows[0]?.used ?? true
}

export const endBlob = (db: Tx, id: DispositionId, sha256: string, end: { at: Date; kept: boolean }) =>
  db
    .updateTable('disposed_blob')
    .set({ ended_at: end.at, kept: end.kept })
    .where('disposition', '=', id)
    .where('sha256', '=', sha256)
    .execute()

/** Every record that a run destroyed, in the order of the log. */
export async function destroyedRecords(db: Db | Tx, id: DispositionId) {
  const { rows } = await sql<{ id: RecordId; kind: string; at: Date; position: number }>`
    select r.id, r.kind, r.at, e.position from record r join log_entry e on e.record_id = r.id
    where r.disposition = ${id} order by e.position`.execute(db)
  return rows
}

/** How many stored files a run destroyed, and how many it kept because something else uses them. */
export async function blobCounts(db: Db | Tx, id: DispositionId) {
  const { rows } = await sql<{ destroyed: number; kept: number }>`
    select count(*) filter (where not kept)::int as destroyed, count(*) filter (where kept)::int as kept
    from disposed_blob where disposition = ${id}`.execute(db)
  return rows[0] ?? { destroyed: 0, kept: 0 }
}

/** The files that a run kept, with the reasons. */
export const exceptionsOf = (db: Db | Tx, id: DispositionId) =>
  db
    .selectFrom('disposition_exception')
    .leftJoin('person', 'person.id', 'by')
    .select(['subject_kind', 'subject_id', 'reason', 'at', 'person.name as byName'])
    .where('disposition', '=', id)
    .orderBy('at')
    .execute()

export const insertCertificate = (tx: Tx, row: { disposition: DispositionId; record: RecordId; at: Date }) =>
  tx.insertInto('disposition_certificate').values(row).execute()
