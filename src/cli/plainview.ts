import { CannotStart } from '../storage/cannot-start.ts'
import { inCaller, options } from './words.ts'

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

/** Each command loads what it needs: whoever checks a bag has no use for an installation. */
async function run(words: string[]): Promise<number> {
  const [first, second, ...rest] = words
  switch (first) {
    case 'verify': {
      const { runVerify } = await import('./verify.ts')
      return runVerify(second, options(rest), inCaller)
    }
    case 'witness': {
      const { runWitness } = await import('./witness.ts')
      return runWitness(second && inCaller(second), options(rest))
    }
    case 'policy': {
      if (second !== 'check' || !rest[0]) break
      const { runPolicyCheck } = await import('./check-policy.ts')
      return runPolicyCheck(inCaller(rest[0]), rest[1] && inCaller(rest[1]))
    }
    case 'capture':
    case 'import':
    case 'log':
    case 'people':
    case 'set-up-link': {
      const { withInstallation } = await import('./with-installation.ts')
      const code = await withInstallation(first, second ?? '', rest)
      if (code !== null) return code
    }
  }
  console.log(usage)
  return first === undefined || first === 'help' || first === '--help' ? 0 : 2
}
