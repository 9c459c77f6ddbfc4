/** What others may use of records requests. */

export { collect } from './collection.ts'
export { writeByCode } from './message.ts'
export { registerRequestJobs } from './produce.job.ts'
export { orderProduction } from './production.ts'
export { publishProduction } from './reading-room.ts'
export { enterRequest, receiveByForm } from './receipt.ts'
export { reviewGroups } from './review.ts'
export { openGroups } from './review-store.ts'
export { draftLetter, sendLetter } from './send-letter.ts'
export { waitingFor } from './waiting.ts'
