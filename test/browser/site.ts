import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ServerBuild } from 'react-router'
import { createAuth } from '../../src/department/auth.ts'
import { createPlatforms } from '../../src/platforms/platforms.ts'
import { listen, site } from '../../src/web/server.ts'
import { atEndOfFile } from '../endings.ts'
import { testInstallation } from '../installation.ts'
import { freePort, root } from './plainview.ts'

type TestInstallation = Awaited<ReturnType<typeof testInstallation>>

/** The built screens in front of an empty installation, which the test can reach into. Jobs run when the test runs them. */
export async function servedInstallation(how: { secondFactor?: boolean } = {}): Promise<TestInstallation> {
  const here = await testInstallation()
  here.platforms = createPlatforms({ ...here, allowPrivate: true })
  return served(here, how)
}

/** The same for an installation that a test has filled. Whoever is to sign in gets their password from the test. */
export async function served<Here extends TestInstallation>(
  here: Here,
  { secondFactor = true } = {},
): Promise<Here> {
  const port = await freePort()
  const baseUrl = `http://localhost:${port}`
  here.baseUrl = baseUrl
  here.auth = createAuth({ ...here, baseUrl, secondFactor })
  const bundle: ServerBuild = await import(pathToFileURL(path.join(root, 'build/server/index.js')).href)
  const server = await listen(site(here, bundle, { trustProxy: false }), { port, host: '127.0.0.1' })
  atEndOfFile(() => server.stop())
  return here
}
