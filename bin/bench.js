#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { application, build, install, node, root } from './runtime.js'

install()
build()
const bench = spawn(node, [...application.flags, 'bench/bench.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, ...application.env },
})
// The terminal sends Ctrl-C to both processes; the bench removes what it made, and we wait for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal))
bench.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
