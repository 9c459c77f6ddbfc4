/** What others may use of records requests. */

export { registerRequestJobs } from './produce.job.ts'
export { enterRequest, receiveByForm } from './receipt.ts'
export { waitingFor } from './waiting.ts'
