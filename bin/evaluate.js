#!/usr/bin/env node
// `npm run evaluate` measures the suggestions about comments; `npm run train` makes the model anew from its examples.
import { spawnSync } from 'node:child_process'
import { install, node, root } from './runtime.js'

install()
const [first, ...rest] = process.argv.slice(2)
const args =
  first === '--train'
    ? ['evaluation/train.ts', ...rest]
    : ['evaluation/evaluate.ts', ...process.argv.slice(2)]
process.exit(spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status ?? 1)
