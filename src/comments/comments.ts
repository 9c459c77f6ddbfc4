/** What visitors write under posts, from its capture to the decision about it. */
export { appealsFor, caseByCode, decideAppeal, fileAppeal } from './appeal.ts'
export { agreeToBlock, blocksFor, proposeBlock } from './block.ts'
export {
  deleteComment,
  editComment,
  type Submission,
  type Submitted,
  submitComment,
} from './capture.ts'
export {
  type Conversation,
  type ConversationOrder,
  commentCounts,
  conversationOrders,
  conversationUnder,
  type Thread,
} from './conversation.ts'
export { answerForDepartment } from './department-answer.ts'
export { holdsFor } from './hold.ts'
export { stormFor } from './incident.ts'
export { type Measures, measuresOn } from './measures.ts'
export { hideComment, keepComment } from './moderation.ts'
export { commentAddress, type RemarkInThread, remarkInThread } from './permalink.ts'
export { registerCommentJobs } from './poll.job.ts'
export { type PublicCount, type PublicHold, publicCounts, publicHolds } from './public-counts-store.ts'
export { ownRemark, type Remark } from './remark.ts'
export { hasReported, reportable, reportComment } from './report.ts'
export { secondLooksFor } from './second-look.ts'
export { type Comment, commentById } from './store.ts'
export { waitingFor } from './waiting.ts'
