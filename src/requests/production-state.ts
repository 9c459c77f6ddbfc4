import type { Production } from './store.ts'

/** Where a production stands. */
export type ProductionState = 'waiting' | 'running' | 'ready' | 'released' | 'cancelled'
export function stateOf(production: Production): ProductionState {
  if (production.releasedAt) return 'released'
  if (production.bag) return 'ready'
  if (production.cancelledAt) return 'cancelled'
  return production.begunAt ? 'running' : 'waiting'
}
