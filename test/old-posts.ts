import { appendMany, sequence } from '../src/archive/archive.ts'
import { type Person, whoIs } from '../src/department/department.ts'
import type { Installation } from '../src/installation.ts'
import { newId, type PostId } from '../src/storage/ids.ts'

/** Posts of 2012 that never left the drawer, each with a record in the log: their retention is over. */
export async function oldPosts(
  here: Pick<Installation, 'db' | 'logKey'>,
  author: Person,
  texts: readonly string[],
): Promise<PostId[]> {
  const at = new Date('2012-05-04T12:00:00Z')
  const posts = texts.map((text) => ({ id: newId<'post'>(), text }))
  await here.db
    .insertInto('post')
    .values(posts.map((one) => ({ ...one, author: author.id, link: null, created_at: at, updated_at: at })))
    .execute()
  await appendMany(
    here.db,
    posts.map(({ id, text }) => ({
      kind: 'post.submission',
      subject: { kind: 'post', id },
      by: whoIs(author),
      content: { text },
      words: text,
      at,
    })),
  )
  await sequence(here.db, here.logKey)
  return posts.map(({ id }) => id)
}
