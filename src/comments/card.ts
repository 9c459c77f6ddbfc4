import { sql } from 'kysely'
import type { Installation } from '../installation.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId, PageId, PersonId, PostId } from '../storage/ids.ts'
import { unapproved } from './answer-approval.ts'
import { notToldOf } from './appeal-store.ts'
import { criticismDetector } from './criticism.ts'
import { type Escalation, escalationsOf } from './escalation-store.ts'
import { whyFirst } from './harm.ts'
import { type MissingPicture, missingPictures } from './owed-store.ts'
import { openQuestions, type Question } from './question-store.ts'
import { waits } from './queue-conditions.ts'
import { type ReportsOn, reportsOn } from './report-store.ts'
import type { Comment, Picture } from './store.ts'
import { type KeptSuggestion, type Look, looksOf } from './suggestion-store.ts'

/** A picture; of a missing one why, and when it is asked for again, null when it was given up. */
export type CardPicture = Picture & { missing?: Pick<MissingPicture, 'because' | 'nextAt'> }

/** One comment with what a moderator needs to judge it. */
export interface Card {
  id: CommentId
  revision: number
  authorId: string
  authorName: string
  authorHandle: string | null
  text: string
  language: string | null
  pictures: CardPicture[]
  state: Comment['state']
  /** The department wrote it itself, so it is not moderated. */
  official: boolean
  /** An answer that was given on the platform and that nobody approved. */
  unapproved: boolean
  decided: boolean
  deletedAt: Date | null
  /** Why it is gone, when its author did not delete it by itself. */
  goneBecause: string | null
  editedAt: Date | null
  postedAt: Date
  url: string | null
  page: { id: PageId; title: string; topic: string }
  post: { id: PostId; text: string; picture: { id: string; alt: string } | null }
  /** What it answers, from the beginning of the thread down. */
  above: Neighbour[]
  /** The first answers to it, and how many there are. */
  below: { count: number; first: Neighbour[] }
  asked: { by: PersonId; byName: string; reason: string; note: string } | null
  question: CardQuestion | null
  /** Why its author could not be told of its removal; null when they were, will be, or need not be. */
  notTold: string | null
  escalations: CardEscalation[]
  last: { decision: string; reason: string | null; byName: string; at: Date } | null
  /** Comments that wait and read the same, this one not counted. */
  copies: { count: number; authors: number; posts: number }
  earlier: { count: number; hidden: number; latest: EarlierComment[] }
  hints: Hints
  reports: CardReports
  /** Its place among the harmful first. */
  harm: number
}
export interface Neighbour {
  id: CommentId
  name: string
  text: string
  state: Comment['state']
  deleted: boolean
}
export type CardQuestion = Pick<
  Question,
  'by' | 'byName' | 'asked' | 'askedName' | 'note' | 'advice' | 'advisedByName'
>
export type CardEscalation = Pick<
  Escalation,
  'id' | 'kind' | 'byName' | 'acknowledgedByName' | 'closedByName'
>
/** What visitors reported about it. */
export interface CardReports {
  count: number
  /** How many were about a version that its author has changed since. */
  older: number
  reasons: { title: string; count: number }[]
  /** The newest explanations. */
  words: { title: string; explanation: string; at: Date }[]
  /** Why it waits once more though somebody kept it; null when it does not. */
  onceMore: string | null
}
export interface EarlierComment {
  id: CommentId
  text: string
  state: Comment['state']
  decided: boolean
  reason: string | null
  postedAt: Date
}
/** What speaks for looking closer. Hints, never verdicts. */
export interface Hints {
  /** The surest first; those that criticism holds back are among them and say so. */
  suggestions: Hint[]
  protectedCriticism: boolean
  /** Why it stands before others in the order of harm; '' when nothing speaks for it. */
  first: string
}
export interface Hint {
  category: string
  title: string
  means: string
  /** From 0 to 1. */
  score: number
  /** The author's words that weighed most. */
  words: string[]
  /** What a rule of the policy says about them; empty where only the model spoke. */
  reason: string
  withheld: boolean
}

/** The cards of these comments, in this order. */
export async function cardsOf(
  here: Pick<Installation, 'db' | 'policy' | 'suggester'>,
  ids: readonly CommentId[],
): Promise<Card[]> {
  const { db } = here
  if (ids.length === 0) return []
  const [
    rows,
    earlier,
    above,
    below,
    copies,
    questions,
    escalations,
    looks,
    reports,
    notTold,
    missing,
    criticizes,
  ] = await Promise.all([
    selectCards(db, ids),
    earlierComments(db, ids),
    answeredBy(db, ids),
    answersTo(db, ids),
    copiesOf(db, ids),
    openQuestions(db, ids),
    escalationsOf(db, ids),
    looksOf(db, ids),
    reportsOn(db, ids),
    notToldOf(db, ids),
    missingPictures(db, ids),
    criticismDetector(here, db),
  ])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id): Card[] => {
    const row = byId.get(id)
    if (!row) return []
    const question = questions.find(({ comment }) => comment === id)
    return [
      {
        id,
        revision: row.revision,
        authorId: row.author_remote_id,
        authorName: row.author_name,
        authorHandle: row.author_handle,
        text: row.text,
        language: row.language ?? looks.get(id)?.language ?? null,
        pictures: row.pictures.map((picture, n) => {
          const lacks = missing.find((one) => one.comment === id && one.picture === n)
          return lacks ? { ...picture, missing: { because: lacks.because, nextAt: lacks.nextAt } } : picture
        }),
        state: row.state,
        official: row.official,
        unapproved: row.unapproved,
        decided: row.decided_at !== null,
        deletedAt: row.deleted_at,
        goneBecause: row.gone_because,
        editedAt: row.edited_at,
        postedAt: row.posted_at,
        url: row.url,
        page: { id: row.page, title: row.pageTitle, topic: row.topic },
        post: {
          id: row.post,
          text: row.postText,
          picture: row.pictureId ? { id: row.pictureId, alt: row.pictureAlt ?? '' } : null,
        },
        above: above.get(id) ?? [],
        below: below.get(id) ?? { count: 0, first: [] },
        asked:
          row.askedBy && row.askedReason
            ? {
                by: row.askedBy,
                byName: row.askerName ?? '',
                reason: row.askedReason,
                note: row.askedNote ?? '',
              }
            : null,
        question: question ? questionOf(question) : null,
        notTold: row.state === 'hidden' ? (notTold.get(id) ?? null) : null,
        escalations: escalations
          .filter(({ comment }) => comment === id)
          .map(({ id, kind, byName, acknowledgedByName, closedByName }) => ({
            id,
            kind,
            byName,
            acknowledgedByName,
            closedByName,
          })),
        last:
          row.lastDecision && row.lastAt
            ? {
                decision: row.lastDecision,
                reason: row.lastReason,
                byName: row.lastName ?? '',
                at: row.lastAt,
              }
            : null,
        copies: copies.get(id) ?? { count: 0, authors: 0, posts: 0 },
        earlier: earlier.get(id) ?? { count: 0, hidden: 0, latest: [] },
        hints: hintsOf(here.policy, row.text, looks.get(id), criticizes(row.text)),
        reports: reportsFor(here.policy, row, reports.get(id)),
        harm: row.harm,
      },
    ]
  })
}

function hintsOf(
  policy: Installation['policy'],
  text: string,
  look: Look | undefined,
  protectedCriticism: boolean,
): Hints {
  const hint = ({ category, score, places, reason, withheld }: KeptSuggestion): Hint[] => {
    const known = policy.suggestions.categories.find(({ id }) => id === category)
    if (!known) return []
    const words = places.flatMap((start, n) => (n % 2 === 0 ? [text.slice(start, places[n + 1])] : []))
    return [{ category, title: known.title, means: known.means, score, words, reason, withheld }]
  }
  const kept = look?.suggestions.filter(({ withheld }) => !withheld) ?? []
  return {
    suggestions: look?.suggestions.flatMap(hint) ?? [],
    first: whyFirst(kept, policy.suggestions.categories),
    protectedCriticism,
  }
}

function reportsFor(
  { reports: { reasons } }: Installation['policy'],
  {
    decided_at,
    lastDecision,
    lastAt,
  }: { decided_at: Date | null; lastDecision: string | null; lastAt: Date | null },
  { count, older, reasons: counts, words, fresh }: ReportsOn = noReports,
): CardReports {
  const titleOf = (reason: string) => reasons.find(({ id }) => id === reason)?.title ?? reason
  const reopened =
    decided_at === null &&
    fresh &&
    lastAt &&
    fresh.at > lastAt &&
    ['keep', 'restore'].includes(lastDecision ?? '')
  return {
    count,
    older,
    reasons: counts.map(({ reason, count }) => ({ title: titleOf(reason), count })),
    words: words.map(({ reason, explanation, at }) => ({ title: titleOf(reason), explanation, at })),
    onceMore: reopened ? titleOf(fresh.reason) : null,
  }
}
const noReports: ReportsOn = { count: 0, older: 0, reasons: [], words: [], fresh: null }

const questionOf = ({
  by,
  byName,
  asked,
  askedName,
  note,
  advice,
  advisedByName,
}: Question): CardQuestion => ({
  by,
  byName,
  asked,
  askedName,
  note,
  advice,
  advisedByName,
})

const selectCards = (db: Db, ids: readonly CommentId[]) =>
  db
    .selectFrom('comment as c')
    .innerJoin('page', 'page.id', 'c.page')
    .innerJoin('publication', 'publication.id', 'c.publication')
    .innerJoin('post_version', (join) =>
      join
        .onRef('post_version.post', '=', 'publication.post')
        .onRef('post_version.version', '=', 'publication.version'),
    )
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('post_image')
          .select(['post_image.id', 'post_image.alt'])
          .whereRef('post_image.post', '=', 'publication.post')
          .orderBy('post_image.position')
          .limit(1)
          .as('picture'),
      (join) => join.onTrue(),
    )
    .leftJoin('comment_consultation as asked', (join) =>
      join.onRef('asked.comment', '=', 'c.id').on('asked.ended_at', 'is', null),
    )
    .leftJoin('person as asker', 'asker.id', 'asked.by')
    .leftJoinLateral(
      ({ selectFrom }) =>
        selectFrom('comment_decision as d')
          .innerJoin('person', 'person.id', 'd.by')
          .select(['d.decision', 'd.reason', 'd.at', 'person.name'])
          .whereRef('d.comment', '=', 'c.id')
          .orderBy('d.at', 'desc')
          .orderBy('d.id', 'desc')
          .limit(1)
          .as('last'),
      (join) => join.onTrue(),
    )
    .selectAll('c')
    .select(unapproved.as('unapproved'))
    .select([
      'page.title as pageTitle',
      'page.comment_topic as topic',
      'publication.post',
      'post_version.text as postText',
      'picture.id as pictureId',
      'picture.alt as pictureAlt',
      'asked.by as askedBy',
      'asked.reason as askedReason',
      'asked.note as askedNote',
      'asker.name as askerName',
      'last.decision as lastDecision',
      'last.reason as lastReason',
      'last.at as lastAt',
      'last.name as lastName',
    ])
    .where(sql<boolean>`c.id = any(${uuids(ids)}::uuid[])`)
    .execute()

/** What the authors of these comments wrote before on our pages, and how it was decided. */
async function earlierComments(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, Card['earlier']>> {
  const { rows } = await sql<EarlierComment & { of: CommentId; count: number; hidden: number }>`
    select c.id as of, e.id, e.text, e.state, e.decided_at is not null as decided, e.posted_at as "postedAt",
      e.count, e.hidden, case when e.state = 'hidden' then (select d.reason from comment_decision d
        where d.comment = e.id and d.decision = 'hide' order by d.at desc limit 1) end as reason
    from comment c
    cross join lateral (
      select e.id, e.text, e.state, e.decided_at, e.posted_at, count(*) over () as count,
        count(*) filter (where e.state = 'hidden') over () as hidden
      from (
        select * from comment
        where author_remote_id = c.author_remote_id and (posted_at, id) < (c.posted_at, c.id)
        order by posted_at desc limit 200
      ) e
      order by e.posted_at desc limit 3
    ) e
    where c.id = any(${uuids(ids)}::uuid[])
    order by e.posted_at desc`.execute(db)
  const earlier = new Map<CommentId, Card['earlier']>()
  for (const { of, count, hidden, ...comment } of rows) {
    const entry = earlier.get(of) ?? { count, hidden, latest: [] }
    entry.latest.push(comment)
    earlier.set(of, entry)
  }
  return earlier
}

/** So many comments above one are shown; the whole thread is on the comment's own screen. */
const mostAbove = 3
const mostBelow = 3

async function answeredBy(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, Neighbour[]>> {
  const { rows } = await sql<Neighbour & { of: CommentId }>`
    with recursive up (of, id, step) as (
      select id, in_reply_to, 1 from comment where id = any(${uuids(ids)}::uuid[]) and in_reply_to is not null
      union all
      select up.of, c.in_reply_to, up.step + 1 from up join comment c on c.id = up.id
      where c.in_reply_to is not null and up.step < ${mostAbove})
    select up.of, c.id, c.author_name as name, c.text, c.state, c.deleted_at is not null as deleted
    from up join comment c on c.id = up.id order by up.of, up.step desc`.execute(db)
  return grouped(rows)
}

async function answersTo(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, Card['below']>> {
  const { rows } = await sql<Neighbour & { of: CommentId; count: number }>`
    select c.id as of, a.* from unnest(${uuids(ids)}::uuid[]) c (id)
    cross join lateral (
      select a.id, a.author_name as name, a.text, a.state, a.deleted_at is not null as deleted, count(*) over () as count
      from comment a where a.in_reply_to = c.id order by a.posted_at, a.id limit ${mostBelow}) a`.execute(db)
  const below = new Map<CommentId, Card['below']>()
  for (const { of, count, ...answer } of rows) {
    const entry = below.get(of) ?? { count, first: [] }
    entry.first.push(answer)
    below.set(of, entry)
  }
  return below
}

async function copiesOf(db: Db, ids: readonly CommentId[]): Promise<Map<CommentId, Card['copies']>> {
  const { rows } = await sql<Card['copies'] & { of: CommentId }>`
    select c.id as of, count(*) as count, count(distinct e.author_remote_id) as authors,
      count(distinct e.publication) as posts
    from comment c join comment e on e.fingerprint = c.fingerprint and ${waits('e')} and e.id <> c.id
    where c.id = any(${uuids(ids)}::uuid[]) and ${waits('c')}
    group by c.id`.execute(db)
  return new Map(rows.map(({ of, ...copies }) => [of, copies]))
}

function grouped<Row extends { of: CommentId }>(rows: readonly Row[]): Map<CommentId, Omit<Row, 'of'>[]> {
  const groups = new Map<CommentId, Omit<Row, 'of'>[]>()
  for (const { of, ...row } of rows) groups.set(of, [...(groups.get(of) ?? []), row])
  return groups
}
