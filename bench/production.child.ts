import path from 'node:path'
import { produce } from '../src/requests/produce.job.ts'
import { type ProductionId, productionById } from '../src/requests/store.ts'
import { openInstallation } from './ground.ts'

/** What this process says on its standard output when the production is made. */
export interface Produced {
  milliseconds: number
  bytes: number
  /** The process's memory before it began, and its largest ever, as the operating system counts it. */
  idleBytes: number
  peakBytes: number
}

const [folder = '', url = '', production = ''] = process.argv.slice(2)
const { installation, end } = await openInstallation(folder, url)
const idleBytes = process.memoryUsage.rss()
const began = performance.now()
await produce(installation, production as ProductionId, path.join(folder, 'productions'))
const milliseconds = performance.now() - began
const made = await productionById(installation.db, production as ProductionId)
if (!made?.bag) throw new Error(`The production was not made: ${made?.trouble}`)
const produced: Produced = {
  milliseconds,
  bytes: made.bag.bytes,
  idleBytes,
  peakBytes: process.resourceUsage().maxRSS * 1024,
}
console.log(JSON.stringify(produced))
await end()
