export { capital } from '../capital.ts'
