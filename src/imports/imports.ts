/** A department's history, brought from platforms and other archives. */
export { registerImportJobs } from './import.job.ts'
export { newImportId, startImport } from './starting.ts'
export { type Import, importById, isOpen } from './store.ts'
export { recordsIn } from './tally.ts'
