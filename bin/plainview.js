#!/usr/bin/env node
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { install, node, root } from './runtime.js'

install()
const { status } = spawnSync(node, [path.join(root, 'src/cli/plainview.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
})
process.exit(status ?? 1)
