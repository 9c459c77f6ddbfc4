import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openKeyFiles } from '../archive/key-file.ts'
import { createAuth } from '../department/auth.ts'
import { issueSetUpLink } from '../department/department.ts'
import { loadPolicy } from '../policy/policy.ts'
import { readSettings } from '../settings.ts'
import { CannotStart } from '../storage/cannot-start.ts'
import { openDatabase } from '../storage/database.ts'
import { diskBlobs } from '../storage/disk-blobs.ts'
import { runningEmbedded } from '../storage/embedded.ts'
import { secretsWith } from '../storage/secrets.ts'
import { capture } from './capture.ts'
import { importFile } from './import.ts'
import { onLog } from './log.ts'
import { onPeople } from './people.ts'
import { inCaller, options } from './words.ts'

/**
 * Works beside the running server, on its database and with its keys. Answers with the exit code; null when there is no
 * such command.
 */
export async function withInstallation(what: string, action: string, rest: string[]): Promise<number | null> {
  const { folder, databaseUrl, baseUrl, policy, s3 } = readSettings(process.env)
  const read = (name: string) =>
    readFile(path.join(folder, name), 'utf8').catch(() => {
      throw new CannotStart(
        `There is no installation in ${folder}. Start Plainview first, or set PLAINVIEW_DATA.`,
      )
    })
  const secrets = secretsWith(Buffer.from((await read('master-key')).trim(), 'hex'))
  const url = databaseUrl
    ? Object.assign(new URL(databaseUrl), { username: 'plainview_app', password: secrets.derive('database') })
        .href
    : await runningEmbedded(folder)
  if (!url) {
    console.error(`Plainview does not run on ${folder}. Start it first.`)
    return 1
  }
  const { db, pool } = openDatabase(url, { connections: 2 })
  const here = {
    db,
    secrets,
    policy: await loadPolicy(policy),
    auth: createAuth({ db, pool, baseUrl, secrets }),
    now: () => new Date(),
  }
  try {
    if (what === 'set-up-link') {
      const token = await issueSetUpLink(here)
      console.log(token ? `${baseUrl}/set-up/${token}` : 'The department is set up already.')
      return token ? 0 : 1
    }
    if (what === 'log')
      return await onLog(
        here,
        await openKeyFiles(folder),
        action,
        rest[0] ? inCaller(rest[0]) : '',
        options(rest),
      )
    if (what === 'capture')
      return await capture(
        {
          ...here,
          blobs: s3
            ? (await import('../storage/s3-blobs.ts')).s3Blobs(s3)
            : diskBlobs(path.join(folder, 'blobs')),
          logKey: (await openKeyFiles(folder)).current,
        },
        {
          address: action,
          reason: options(rest).reason ?? '',
          out: inCaller(options(rest).out ?? 'capture.wacz'),
        },
      )
    if (what === 'import') return await importFile(here, [action, ...rest])
    if (what === 'people') return await onPeople(here, baseUrl, action, rest)
    return null
  } finally {
    await db.destroy()
  }
}
