/** Posts, from the draft to the last trace of their publication. */
export { addImage, saveDraft, startDraft, type Typed } from './draft.ts'
export { publishNow } from './publication.ts'
export { registerPostJobs } from './publish.job.ts'
export { approvePost, sendBack, submitPost } from './review.ts'
export {
  livePublications,
  type Post,
  type PostState,
  type Publication,
} from './store.ts'
export { waitingFor } from './waiting.ts'
export { authorLine, headline, textFor } from './wording.ts'
