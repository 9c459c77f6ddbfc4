import { append } from '../archive/archive.ts'
import { type Person, whoIs } from '../department/department.ts'
import type { Decision } from '../policy/policy.ts'
import type { Tx } from '../storage/database.ts'
import type { Comment } from './store.ts'

/**
 * A record of what colleagues asked or passed on, in the caller's transaction. The comment's words are in every one, so
 * that it can be judged by itself; `words` are what colleagues wrote, to be found by them as well.
 */
export const recordAmongColleagues = (
  tx: Tx,
  kind: string,
  comment: Comment,
  person: Person,
  decision: Decision,
  { content, words = '', at }: { content: object; words?: string; at: Date },
) =>
  append(tx, {
    kind,
    subject: { kind: 'comment', id: comment.id },
    page: comment.page,
    by: whoIs(person),
    decision,
    content: { ...content, author: comment.author_name, text: comment.text, version: comment.version },
    words: [words, comment.text].filter(Boolean).join('\n'),
    at,
  })
