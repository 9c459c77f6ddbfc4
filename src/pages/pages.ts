/** The registry of the department's official pages. */
export { openAccount, saysWho } from './account.ts'
export { connectPage } from './connection.ts'
export { gapsFor, noteGap } from './gap.ts'
export { gapsBetween } from './gap-store.ts'
export { registerPageJobs } from './introduction.job.ts'
export {
  editPage,
  type PageForm,
  registerPage,
} from './registration.ts'
export { type AuthorLine, allPages, approvedPages, type Page, pageById } from './store.ts'
export { approvePage, refusePage } from './verdict.ts'
export { waitingFor } from './waiting.ts'
export { whatIsLost } from './what-is-lost.ts'
