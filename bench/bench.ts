import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { actions } from './actions.ts'
import { append } from './append.ts'
import { consistency } from './consistency.ts'
import { prepareGround } from './ground.ts'
import { held } from './held.ts'
import { policy } from './policy.ts'
import { production } from './production.ts'
import { proof } from './proof.ts'
import type { Result, Row } from './row.ts'
import { rush } from './rush.ts'
import { search } from './search.ts'
import { start } from './start.ts'
import { storm } from './storm.ts'

const rows: readonly Row[] = [
  append,
  actions,
  search,
  held,
  proof,
  policy,
  consistency,
  production,
  start,
  rush,
  storm,
]

const usage = `npm run bench -- [--only NAME]… [--quick] [--ten-million] [--ten-minutes]

  --only NAME     measures one group: ${rows.map((row) => row.name).join(', ')}
  --quick         with less data, to see that everything works; its numbers say little
  --ten-million   searches among 10,000,000 records as well (about 40 GB of disk, an hour)
  --ten-minutes   lets the storm of comments take the ten minutes that its target speaks of; otherwise it comes three times as fast`

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
    'ten-million': { type: 'boolean', default: false },
    'ten-minutes': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
const unknown = asked.only.filter((name) => !rows.some((row) => row.name === name))
if (asked.help || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no group ${unknown.join(', ')}.`)
  console.log(usage)
  process.exit(unknown.length > 0 ? 2 : 0)
}

const sizes = { quick: asked.quick, tenMillion: asked['ten-million'], tenMinutes: asked['ten-minutes'] }
const chosen = rows.filter((row) => asked.only.length === 0 || asked.only.includes(row.name))
const preparing = prepareGround(sizes, (line) => console.error(line))
let stopped = false
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, async () => {
    stopped = true
    // What was at work on the database or a server breaks off somewhere; that is no news now.
    process.on('uncaughtException', () => {})
    console.error('Stopped. Removing what was made.')
    await preparing.abandon().catch((error) => console.error(error))
    process.exit(130)
  })

const results: Result[] = []
try {
  const ground = await preparing.ready
  for (const row of chosen) {
    console.error(`Measuring: ${row.name}.`)
    results.push(...(await row.measure(ground)))
  }
} catch (error) {
  // What the end of the database breaks is no failure of its own; the process ends when all is removed.
  if (stopped) await new Promise(() => {})
  throw error
} finally {
  if (!stopped) await preparing.close()
}
if (!stopped) print(results)

function print(results: readonly Result[]) {
  const load = loadavg()[0] ?? 0
  // The bench by itself keeps its own process, the database and a server at work.
  const busy = load > availableParallelism() + 1
  const gib = (bytes: number) => `${Math.round(bytes / 2 ** 30)} GiB`
  console.log(
    `\n${new Date().toISOString().slice(0, 10)} · ${cpus()[0]?.model.trim() ?? 'unknown processor'} · ${availableParallelism()} cores, ${gib(totalmem())} of memory · load ${load.toFixed(1)} · Node ${process.versions.node}${sizes.quick ? ' · QUICK: less data than the targets are meant for' : ''}\n`,
  )
  const verdict = ({ met }: Result) => (met === null ? '' : met ? 'yes' : 'NO')
  const lines = [
    ['what', 'measured', 'target', 'reference', 'met'],
    ['---', '---', '---', '---', '---'],
    ...results.map((one) => [one.what, one.measured, one.target, one.reference, verdict(one)]),
  ]
  for (const line of lines) console.log(`| ${line.join(' | ')} |`)
  if (busy)
    console.log(
      `\nThe machine was busy with other work (load ${load.toFixed(1)} on ${availableParallelism()} cores): times are longer than on a machine of its own. Compare them with their references.`,
    )
}
