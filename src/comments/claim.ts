import { sql } from 'kysely'
import type { Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { uuids } from '../storage/arrays.ts'
import type { Db } from '../storage/database.ts'
import type { CommentId, PersonId } from '../storage/ids.ts'

declare module '../storage/database.ts' {
  interface Tables {
    comment_claim: { comment: CommentId; person: PersonId; until: Date }
  }
}

/** How long somebody is taken to look at a comment after their browser last said so. */
const claimSeconds = 30

/** Who looks at a comment. */
export interface Claim {
  comment: CommentId
  name: string
}

type Here = Pick<Installation, 'db' | 'now'>

/**
 * Says that this person looks at a comment, and at no other. Answers whose it is now: while somebody else looks at it,
 * it stays theirs. A claim only tells others; it keeps nobody from deciding, and ends by itself.
 */
export async function claimComment({ db, now }: Here, person: Person, comment: CommentId): Promise<PersonId> {
  const at = now()
  const until = new Date(at.getTime() + claimSeconds * 1000)
  return db.transaction().execute(async (tx) => {
    // Claims are made one after the other: two windows of one person, or two people who swap comments, would else collide.
    await sql`select pg_advisory_xact_lock(hashtextextended('comment_claim', 437))`.execute(tx)
    await tx
      .deleteFrom('comment_claim')
      .where('person', '=', person.id)
      .where('comment', '!=', comment)
      .execute()
    await tx
      .insertInto('comment_claim')
      .values({ comment, person: person.id, until })
      .onConflict((conflict) =>
        conflict
          .column('comment')
          .doUpdateSet({ person: person.id, until })
          .where(({ or, eb }) =>
            or([eb('comment_claim.person', '=', person.id), eb('comment_claim.until', '<', at)]),
          ),
      )
      .execute()
    const { person: holder } = await tx
      .selectFrom('comment_claim')
      .select('person')
      .where('comment', '=', comment)
      .executeTakeFirstOrThrow()
    return holder
  })
}

/** Looks away, for instance when the queue is left. */
export const releaseClaim = (db: Db, person: Person) =>
  db.deleteFrom('comment_claim').where('person', '=', person.id).execute()

/** Who else looks at which of these comments. */
export const claimsOfOthers = (
  { db, now }: Here,
  person: Person,
  comments: readonly CommentId[],
): Promise<Claim[]> =>
  db
    .selectFrom('comment_claim')
    .innerJoin('person', 'person.id', 'comment_claim.person')
    .select(['comment', 'name'])
    .where(sql<boolean>`comment = any(${uuids(comments)}::uuid[])`)
    .where('person', '!=', person.id)
    .where('until', '>=', now())
    .execute()
