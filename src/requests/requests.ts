/** What others may use of records requests. */

export { closeRequest } from './closure.ts'
export { collect } from './collection.ts'
export { registerRequestJobs } from './produce.job.ts'
export { orderProduction, releaseProduction } from './production.ts'
export { enterRequest, receiveByForm } from './receipt.ts'
export { acknowledge, extend } from './response.ts'
export { type TodayItem, waitingFor } from './waiting.ts'
