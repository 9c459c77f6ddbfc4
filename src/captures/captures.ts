/** Pages captured as they were seen, with a real browser, to be replayed. */
export { registerCaptureJobs } from './capture.job.ts'
export { findBrowser } from './chromium.ts'
export { orderOnMachine } from './order.ts'
export { captureById } from './store.ts'
