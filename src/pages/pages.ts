/** The registry of the department's official pages. */
export { openAccount } from './account.ts'
export { type AuthorLine, allPages, approvedPages, type Page, pageById, pageBySlug } from './store.ts'
