/** What visitors write under posts, from its capture to the decision about it. */
export {
  contactOf,
  deleteComment,
  editComment,
  type Submission,
  type Submitted,
  submitComment,
} from './capture.ts'
export {
  type Conversation,
  commentCounts,
  conversationUnder,
  ownRemark,
  type Remark,
} from './conversation.ts'
export { hideComment, keepComment, reopenComment, restoreComment } from './moderation.ts'
export { pollComments, registerCommentJobs } from './poll.job.ts'
export { type Comment, commentById, removalsByMonth } from './store.ts'
export { waitingFor } from './waiting.ts'
