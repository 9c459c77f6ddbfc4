import type { ActionName } from '../policy.ts'

/** `post.sendBack` as people read it: "post – send back". */
export const inWords = (action: ActionName): string =>
  action.replace('.', ' – ').replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
