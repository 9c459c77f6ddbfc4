#!/usr/bin/env node
import { spawn } from 'node:child_process'
import { application, build, install, node, root } from './runtime.js'

install()
build()
const server = spawn(node, [...application.flags, 'src/web/start.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...application.env, ...process.env },
})
// The terminal sends Ctrl-C to both processes; the server closes down in order, and we wait for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
