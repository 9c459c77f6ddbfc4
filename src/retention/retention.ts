/** How long records are kept, what holds them, and how they are lawfully destroyed. */
export { holdsWorkedOut } from './coverage.ts'
export { registerRetentionJobs } from './dispose.job.ts'
export { placeHold } from './hold.ts'
export { installSeries } from './series.ts'
export { disposedAt, holdsOn, retentionOf } from './store.ts'
export { waitingFor } from './waiting.ts'
