import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openKeyFiles } from '../archive/key-file.ts'
import { clearFailures, createAuth } from '../department/auth.ts'
import { invitationForm, invite, issueSetUpLink, people } from '../department/department.ts'
import { loadPolicy } from '../policy/policy.ts'
import { readSettings } from '../settings.ts'
import { CannotStart } from '../storage/cannot-start.ts'
import { openDatabase } from '../storage/database.ts'
import { diskBlobs } from '../storage/disk-blobs.ts'
import { runningEmbedded } from '../storage/embedded.ts'
import { secretsWith } from '../storage/secrets.ts'
import { capture } from './capture.ts'
import { runPolicyCheck } from './check-policy.ts'
import { importFile } from './import.ts'
import { onLog } from './log.ts'
import { runVerify } from './verify.ts'
import { runWitness } from './witness.ts'

const usage = `plainview: what is done without a browser

  plainview verify THING --key KEY   check, offline, a bag (folder or tar), a record with its proof, a WACZ, an exported
                                     log, or two states of a log; KEY is the log's public key or a file with it
      --tsa-ca FILE                  certificates that timestamps must lead to
      --witness KEY                  the public key of a witness
      --kept FILE                    a checkpoint that you kept: the log must continue it
      --proof FILE                   for a WACZ, the proof of its record
  plainview log verify [--key KEY]   check the whole log against the database
  plainview log export FOLDER        write the whole log out, for others to check or to publish
  plainview log key                  print the log's public keys
  plainview log rotate-key [--reason routine|compromised|lost]   sign the log with a new key from now on
  plainview import FILE --page PAGE  bring a page's history in, from an export that lies on this machine
  plainview capture ADDRESS [--reason WHY] [--out FILE]   capture a page, post or thread as it is seen now, as a record and
                                     as a WACZ file with its proof
  plainview people list              who works with Plainview
  plainview people add NAME EMAIL ROLE…   print a link by which somebody joins
  plainview people unlock EMAIL      let somebody sign in again after failed attempts
  plainview set-up-link              print a new link for the first run

  plainview policy check FOLDER [POSTS]   check a policy pack; with a file of labelled posts, measure its screening

  plainview witness FOLDER --name NAME [--port 4380]   watch the logs of others, and sign that they only grow

All but "verify", "policy" and "witness" need the running installation of this machine (PLAINVIEW_DATA, or ./data).`

process.exit(
  await run(process.argv.slice(2)).catch((error) => {
    if (!(error instanceof CannotStart)) throw error
    console.error(error.message)
    return 1
  }),
)

async function run(words: string[]): Promise<number> {
  const [first, second, ...rest] = words
  switch (first) {
    case 'verify':
      return runVerify(second, options(rest), inCaller)
    case 'witness':
      return runWitness(second && inCaller(second), options(rest))
    case 'policy':
      if (second !== 'check' || !rest[0]) break
      return runPolicyCheck(inCaller(rest[0]), rest[1] && inCaller(rest[1]))
    case 'capture':
    case 'import':
    case 'log':
    case 'people':
    case 'set-up-link':
      return withInstallation(first, second ?? '', rest)
  }
  console.log(usage)
  return first === undefined || first === 'help' || first === '--help' ? 0 : 2
}

/** A path as it was meant where the command was typed. */
function inCaller(typed: string): string {
  return path.resolve(process.env.INIT_CWD ?? '', typed)
}

/** `--name value` pairs. */
function options(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.flatMap((word, n) => (word.startsWith('--') ? [[word.slice(2), words[n + 1] ?? '']] : [])),
  )
}

/** Works beside the running server, on its database and with its keys. */
async function withInstallation(what: string, action: string, rest: string[]): Promise<number> {
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
    if (what === 'log') {
      const code = await onLog(
        here,
        await openKeyFiles(folder),
        action,
        rest[0] ? inCaller(rest[0]) : '',
        options(rest),
      )
      if (code !== null) return code
    }
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
    console.log(usage)
    return 2
  } finally {
    await db.destroy()
  }
}

async function onPeople(
  here: Parameters<typeof invite>[0],
  baseUrl: string,
  action: string,
  rest: string[],
): Promise<number> {
  if (action === 'list') {
    for (const person of await people(here.db))
      console.log(
        `${person.email}\t${person.name}\t${person.roles.join(', ')}${person.designee ? ', designee' : ''}`,
      )
    return 0
  }
  if (action === 'unlock') {
    const person = (await people(here.db)).find((one) => one.email === rest[0]?.toLowerCase())
    if (!person) {
      console.error(`Nobody here has the address ${rest[0] ?? ''}.`)
      return 1
    }
    await clearFailures(here.db, person.id)
    console.log(`${person.name} can sign in again.`)
    return 0
  }
  if (action === 'add') {
    const [name = '', email = '', ...roles] = rest
    const read = invitationForm.safeParse({ name, email, title: '', roles })
    if (!read.success) {
      for (const issue of read.error.issues) console.error(`${issue.path.join('.')}: ${issue.message}`)
      return 2
    }
    const answer = await invite(here, null, read.data)
    if ('done' in answer) console.log(`${baseUrl}/invitation/${answer.done}`)
    else console.error('denied' in answer ? answer.denied.because : Object.values(answer.problems).join(' '))
    return 'done' in answer ? 0 : 1
  }
  console.log(usage)
  return 2
}
