/** The first thing that is wrong with what is being checked, in a sentence. Thrown inside a check, never out of it. */
export class Flaw extends Error {}

/** What a check answers, or the flaw that it met. */
export async function orFlaw<Good>(
  check: () => Promise<Good>,
): Promise<Good | { genuine: false; problem: string }> {
  try {
    return await check()
  } catch (error) {
    if (error instanceof Flaw) return { genuine: false, problem: error.message }
    throw error
  }
}

/** JSON from outside, or a flaw that names where it was found. */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Flaw(`${name} is not JSON.`)
  }
}
