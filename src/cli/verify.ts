import { readFile } from 'node:fs/promises'
import { verify } from '../archive/archive.ts'
import { readKeyText } from '../archive/key-text.ts'

const hint = `Say what to check, and with which key:

  plainview verify BAG.tar --key name+1a2b3c4d+AAAA…

The key is the department's, got from somewhere else than the thing itself; or a file with it, as saved from /log/key.`

/** `plainview verify`: needs nothing but the thing and the key. Answers with the exit code. */
export async function runVerify(
  place: string | undefined,
  options: Readonly<Record<string, string>>,
  inCaller: (typed: string) => string,
): Promise<number> {
  const wrong = Object.keys(options).find((name) => !known.includes(name))
  if (!place || wrong !== undefined) {
    console.error(wrong === undefined ? hint : `There is no option --${wrong}.\n\n${hint}`)
    return 2
  }
  const file = async (name: string) => {
    const typed = options[name]
    return typed === undefined ? undefined : readFile(inCaller(typed), 'utf8')
  }
  let beside: Parameters<typeof verify>[1]
  try {
    const key = options.key === undefined ? null : await keyFrom(options.key, inCaller)
    beside = {
      trust: key && {
        key: key.current,
        rotations: key.rotations,
        ca: (await file('tsa-ca')) ?? '',
        witnesses: options.witness === undefined ? [] : [options.witness],
      },
      kept: await file('kept'),
      proof: await file('proof'),
    }
  } catch (error) {
    console.error((error as Error).message)
    return 2
  }
  const verdict = await verify(inCaller(place), beside)
  if (!verdict.genuine) {
    console.error(`NOT GENUINE: ${verdict.problem}`)
    return 1
  }
  for (const line of verdict.lines) console.log(line)
  return 0
}

const known = ['key', 'tsa-ca', 'witness', 'kept', 'proof']

async function keyFrom(typed: string, inCaller: (typed: string) => string) {
  const text = typed.includes('+') ? typed : await readFile(inCaller(typed), 'utf8')
  const key = readKeyText(text)
  if (!key) throw new Error('The key given is none of a log. It looks like name+1a2b3c4d+AAAA…, in one line.')
  return key
}
