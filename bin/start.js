#!/usr/bin/env node
import { spawn } from 'node:child_process'
import path from 'node:path'
import { build, install, node, root } from './runtime.js'

install()
build()
const server = spawn(node, ['src/web/start.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: {
    NODE_ENV: 'production',
    // Compiling the same modules anew takes a quarter of a start.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled'),
    ...process.env,
  },
})
// The terminal sends Ctrl-C to both processes; the server closes down in order, and we wait for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal))
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
