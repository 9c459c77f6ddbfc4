import { afterAll } from 'vitest'
import { endFile } from './endings.ts'

// Test files share a process and its modules, which saves loading them anew for each; what one has opened ends with it.
afterAll(endFile)
