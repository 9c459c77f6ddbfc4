import { saveSearch, sequence } from '../archive/archive.ts'
import type { Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import { placeHold } from '../retention/retention.ts'
import { done } from './done.ts'

const day = 86_400_000

/** A claim against the town, for which what was said about towing is kept, and a search that tells of more. */
export async function expectClaim(here: Installation, officer: Person, set: (at: Date) => void) {
  const now = here.now()
  set(new Date(now.getTime() - 7 * day))
  done(
    await placeHold(here, officer, {
      matter: 'Delaney v. Town of Wexford Falls',
      reason:
        'Mr. Delaney’s attorney wrote on the towing of his car during the November parking ban, and announced a claim.',
      custodians:
        'The public information officer and the traffic unit were told in writing to keep what they have.',
      scopes: [{ words: 'towed OR towing OR "parking ban"' }, { mentions: 'Delaney' }],
    }),
  )
  set(now)
  // What is in the log already counts as known to whoever saves a search.
  await sequence(here.db, here.logKey)
  const words = '"Mill Street"'
  await saveSearch(here.db, {
    person: officer.id,
    name: 'Mill Street',
    address: `/console/archive?${new URLSearchParams({ words })}`,
    query: { words },
    alerts: true,
    now,
  })
}
