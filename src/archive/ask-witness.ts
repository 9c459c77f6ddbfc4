import { cosignedAt } from './cosignature.ts'
import type { Checkpoint } from './log.ts'

export type WitnessAnswer = { line: string; at: Date; problem?: never } | { line?: never; problem: string }

const patience = 10_000
const longestAnswer = 64_000

/**
 * Asks a witness to sign a checkpoint (C2SP tlog-witness, "add-checkpoint"). `known` is the size it signed last, as far
 * as we know; when it knows better it says so, and is asked once more from there. `prove` makes the consistency proof.
 */
export async function askWitness(
  fetch: typeof globalThis.fetch,
  { url, verifier }: { url: string; verifier: string },
  checkpoint: Checkpoint,
  known: number,
  prove: (old: number) => Promise<Buffer[]>,
): Promise<WitnessAnswer> {
  let old = known
  for (let tries = 0; tries < 2; tries++) {
    const proof = old > 0 ? await prove(old) : []
    const body = `old ${old}\n${proof.map((hash) => `${hash.toString('base64')}\n`).join('')}\n${checkpoint.note}`
    const answer = await post(fetch, `${url.replace(/\/$/, '')}/add-checkpoint`, body)
    if (typeof answer === 'string') return { problem: answer }
    if (answer.status === 409) {
      const size = /^(0|[1-9]\d{0,15})\n$/.exec(answer.text)?.[1]
      if (size === undefined) return { problem: 'The witness answered with a size that is none.' }
      old = Number(size)
      if (old > checkpoint.treeSize)
        return {
          problem: `The witness has seen ${old} records of this log, and we have ${checkpoint.treeSize}. Was an old backup restored?`,
        }
      continue
    }
    if (answer.status !== 200) return { problem: problemOf(answer.status) }
    const lines = answer.text.split('\n').filter((line) => line !== '')
    // Only what we asked for counts, among whatever other lines it sends.
    for (const line of lines) {
      const at = cosignedAt(`${textOf(checkpoint.note)}\n${line}\n`, verifier)
      if (at) return { line: `${line}\n`, at }
    }
    return { problem: 'The witness answered without a good signature of its key.' }
  }
  return {
    problem:
      'The witness says each time that it has seen another size. Does another server send it this log too?',
  }
}

const textOf = (note: string) => note.slice(0, note.lastIndexOf('\n\n') + 1)

function problemOf(status: number): string {
  if (status === 403)
    return 'The witness does not know the key that signs our log now. Send its operator our key.'
  if (status === 404) return 'The witness does not watch our log. Send its operator our key.'
  if (status === 422)
    return 'THE WITNESS SAYS THAT OUR LOG IS NOT A CONTINUATION OF WHAT IT HAS SEEN. Somebody changed the log, or an old backup was restored.'
  return `The witness answered with status ${status}.`
}

/** An answer, or a sentence that says why there is none. */
export async function post(
  fetch: typeof globalThis.fetch,
  url: string,
  body: string,
): Promise<{ status: number; text: string } | string> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
      signal: AbortSignal.timeout(patience),
    })
    const text = (await response.text()).slice(0, longestAnswer)
    return { status: response.status, text }
  } catch (error) {
    return troubleOf(error)
  }
}

/** Why a call failed, in a sentence. */
export function troubleOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { name?: string; code?: string } }
  if (name === 'TimeoutError') return `There was no answer within ${patience / 1000} seconds.`
  if (name === 'PrivateAddress' || cause?.name === 'PrivateAddress')
    return 'The address leads into our own network, where no call is allowed.'
  return `It can’t be reached${cause?.code ? ` (${cause.code})` : ''}.`
}
