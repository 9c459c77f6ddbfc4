import type { ActionName } from '../policy.ts'

/** `post.approve` and `post.sendBack` as people read them: "post: approve, send back". */
export function inWords(actions: readonly ActionName[]): string {
  const verbs = new Map<string, string[]>()
  for (const action of actions) {
    const [noun = '', verb = ''] = action.split('.')
    const words = verb.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
    verbs.set(noun, [...(verbs.get(noun) ?? []), words])
  }
  return Array.from(verbs, ([noun, all]) => `${noun}: ${all.join(', ')}`).join('; ')
}
