/** The registry of the department's official pages. */
export { openAccount } from './account.ts'
export { type Answer, consider, type Problems, problem } from './answer.ts'
export { connectPage } from './connection.ts'
export { registerPageJobs } from './introduction.job.ts'
export {
  disclosuresFor,
  editPage,
  isHostedHere,
  type PageForm,
  pageForm,
  registerPage,
} from './registration.ts'
export { type AuthorLine, allPages, approvedPages, type Page, pageById, pageBySlug } from './store.ts'
export { approvePage, refusePage } from './verdict.ts'
export { type TodayItem, waitingFor } from './waiting.ts'
