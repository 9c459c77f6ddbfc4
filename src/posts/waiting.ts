import type { TodayItem } from '../department/department.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Policy } from '../policy/policy.ts'
import type { Db } from '../storage/database.ts'
import { onceItFits } from './store.ts'
import { headline } from './wording.ts'

/** The posts that wait for this person: to be reviewed, corrected, published, or looked after because a page refused them. */
export async function waitingFor(db: Db, person: Person, policy: Policy): Promise<TodayItem[]> {
  const posts = await db
    .selectFrom('post')
    .innerJoin('post_state', 'post_state.post', 'post.id')
    .innerJoin('person', 'person.id', 'post.author')
    .select(['post.id', 'text', 'author', 'state', 'updated_at', 'person.name'])
    .where('state', 'in', ['submitted', 'returned', 'approved', 'refused'])
    .orderBy('updated_at')
    .limit(200)
    .execute()
  return posts.flatMap((post) => {
    const item = (kind: string, detail: string, href = `/console/posts/${post.id}`) => [
      { kind, title: headline(post.text), detail, href, at: post.updated_at },
    ]
    const may = (action: 'post.approve' | 'post.publish') =>
      policy.decide(whoIs(person), action, onceItFits({ ...post, editors: [post.author] })).allowed
    if (post.state === 'submitted' && may('post.approve'))
      return item('post.approval', `${post.name} asks for approval.`, `/console/posts/${post.id}/approval`)
    if (post.state === 'returned' && post.author === person.id)
      return item('post.return', 'Sent back to you with comments.')
    if (post.state === 'approved' && (post.author === person.id || may('post.publish')))
      return item('post.publication', 'Approved. Publish it or choose a time.')
    if (post.state === 'refused' && (post.author === person.id || may('post.publish')))
      return item('post.refusal', 'A page did not take this post. See why.')
    return []
  })
}
