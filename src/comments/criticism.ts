import { people } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { CriticismRead } from '../policy/policy.ts'
import type { Db, Tx } from '../storage/database.ts'
import type { Suggestions } from '../suggestions/suggestions.ts'

/** Reads by the pack's words, and by the names of those who work here, whether a text criticizes (policy IV.A.2.iv.1). */
export async function wordsOfCriticism(
  { policy }: Pick<Installation, 'policy'>,
  db: Db | Tx,
): Promise<(text: string) => CriticismRead> {
  return policy.criticismReader((await people(db)).map(({ name }) => name))
}

/** What the words leave open, `model` says: it protects what it finds criticism more likely than not. */
export const isProtected = (read: CriticismRead, model: () => Pick<Suggestions, 'likelyCriticism'>) =>
  read === 'found' || (read === 'unclear' && model().likelyCriticism)

/**
 * Tells protected criticism of the department, its officials or its work, so that hiding it takes two. An abused
 * neighbor and a plain question are none, whatever the model makes of them.
 */
export async function criticismDetector(
  here: Pick<Installation, 'policy' | 'suggester'>,
  db: Db | Tx,
): Promise<(text: string) => boolean> {
  const read = await wordsOfCriticism(here, db)
  return (text) => isProtected(read(text), () => here.suggester.suggestionsFor({ text }))
}

/** Suggestions about what is certainly no criticism: nothing is held back for it. */
export const withoutCriticism = (made: Suggestions): Suggestions => ({
  ...made,
  suggestions: [...made.suggestions, ...made.withheld],
  withheld: [],
  criticism: false,
  likelyCriticism: false,
})
