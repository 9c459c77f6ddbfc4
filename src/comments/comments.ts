/** What visitors write under posts, from its capture to the decision about it. */
export { appealsFor } from './appeal.ts'
export { blocksFor } from './block.ts'
export {
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
  threadAddress,
} from './conversation.ts'
export { stormFor } from './incident.ts'
export { hideComment, keepComment } from './moderation.ts'
export { registerCommentJobs } from './poll.job.ts'
export { type PublicCount, publicCounts } from './public-counts-store.ts'
export { hasReported, reportable, reportComment } from './report.ts'
export { secondLooksFor } from './second-look.ts'
export { type Comment, commentById } from './store.ts'
export { waitingFor } from './waiting.ts'
