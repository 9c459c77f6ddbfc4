#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, install, node, root } from './runtime.js'

install()
// The real PDS of the tests has native parts, compiled for the pinned Node.
install(path.join(root, 'test/pds'))
const only = process.argv.slice(2)
const folder = mkdtempSync(path.join(tmpdir(), 'plainview-report-'))
const report = path.join(folder, 'vitest.json')
let passed = 0
let failed = 0

// Tests of the whole run what is built.
if (only.length === 0 || only.some((place) => /^(\.\/)?(test|src\/web)\b/.test(place))) build()
if (only.length === 0 || only.some((place) => place.startsWith('test/browser'))) {
  browser()
  // The real ReplayWeb.page, which opens our captures in a test.
  install(path.join(root, 'test/replaywebpage'))
}
tools()
if (only.length === 0) {
  check('Formatting and lint', ['node_modules/@biomejs/biome/bin/biome', 'check', '.'])
  check('Route types', ['node_modules/@react-router/dev/bin.cjs', 'typegen'])
  check('Types', ['node_modules/typescript/bin/tsc', '--noEmit'])
  check('Boundaries between modules', [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    'src',
    '--config',
  ])
  check('Nothing unused', ['node_modules/knip/bin/knip.js'])
}
const tests = spawn([
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report}`,
  ...only,
])
if (existsSync(report)) {
  const counted = JSON.parse(readFileSync(report, 'utf8'))
  passed += counted.numPassedTests
  failed += counted.numFailedTests
  // A file that can't even be loaded has no failed test to count.
  failed += counted.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length
}
if (tests !== 0 && failed === 0) failed = 1
rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)

/** One whole-project check, counted as one test. */
function check(title, args) {
  const code = spawn(args)
  console.log(`${code === 0 ? 'ok' : 'FAILED'}: ${title}`)
  if (code === 0) passed++
  else failed++
}

function spawn(args) {
  return spawnSync(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'test' } })
    .status
}

/** What proofs are checked with beside our own code: openssl for timestamps, Poppler for the text of a PDF. */
function tools() {
  const missing = [
    ['openssl', 'openssl'],
    ['pdftotext', 'poppler-utils'],
  ].filter(([program]) => spawnSync('which', [program]).status !== 0)
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  const packages = missing.map(([, name]) => name).join(' ')
  spawnSync(
    'sh',
    ['-c', `apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${packages}`],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
}

/** Browser tests need a Chromium: the machine's, or Debian's, or the one that Playwright fetches. */
function browser() {
  if (process.env.PLAINVIEW_CHROMIUM || existsSync('/usr/bin/chromium')) return
  const root = process.getuid?.() === 0
  if (root && existsSync('/usr/bin/apt-get')) {
    spawnSync(
      'sh',
      ['-c', 'apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium'],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    )
    if (existsSync('/usr/bin/chromium')) return
  }
  spawn(['node_modules/playwright-core/cli.js', 'install', 'chromium'])
}
