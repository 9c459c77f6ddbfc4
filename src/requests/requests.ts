/** What others may use of records requests. */
export { registerRequestJobs } from './produce.job.ts'
export { enterRequest, receiveByForm } from './receipt.ts'
export { collect } from './collection.ts'
export { orderProduction, releaseProduction } from './production.ts'
export { acknowledge, extend } from './response.ts'
export { closeRequest } from './closure.ts'
export { type TodayItem, waitingFor } from './waiting.ts'
