/** Posts, from the draft to the last trace of their publication. */
export { addImage, removeImage, saveDraft, startDraft, type Typed } from './draft.ts'
export { cancelSchedule, deletePost, publishNow, schedulePost } from './publication.ts'
export { registerPostJobs } from './publish.job.ts'
export { approvePost, sendBack, submitPost } from './review.ts'
export {
  listPosts,
  livePublications,
  type Post,
  type PostState,
  type Publication,
  postById,
} from './store.ts'
export { waitingFor } from './waiting.ts'
export { headline } from './wording.ts'
