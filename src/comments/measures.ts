import type { Installation } from '../installation.ts'
import type { PageId } from '../storage/ids.ts'
import { reasonOf } from './hold.ts'
import { holdOn } from './hold-store.ts'
import { slowingOn } from './incident-store.ts'

/** What an incident means for somebody who writes on a page now. */
export interface Measures {
  /** All comments are held for review; `because` goes on after "because". */
  hold: { since: Date; until: Date; because: string } | null
  /** Whoever is new writes once in so many minutes. */
  slowing: { minutes: number; until: Date } | null
}

/** What visitors of a page are told before they write. */
export async function measuresOn(
  { db, policy, now }: Pick<Installation, 'db' | 'policy' | 'now'>,
  page: PageId,
): Promise<Measures> {
  const [hold, slowing] = await Promise.all([holdOn(db, page, now()), slowingOn(db, page, now())])
  return {
    hold: hold
      ? { since: hold.since, until: hold.until, because: reasonOf(policy, hold.reason)?.told ?? '' }
      : null,
    slowing: slowing ? { minutes: slowing.minutes, until: slowing.ends_at } : null,
  }
}
