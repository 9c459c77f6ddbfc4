import type { Blobs } from '../storage/blobs.ts'
import type { Db } from '../storage/database.ts'
import { bluesky } from './bluesky/bluesky.ts'
import type { Platforms } from './contract.ts'
import { formerPage } from './former/former.ts'
import { outgoing } from './outgoing.ts'
import { ownPage } from './own/own.ts'

/** The places that this installation can post to. `allowPrivate` lets it reach services on the own network. */
export function createPlatforms({
  allowPrivate,
  ...here
}: {
  db: Db
  blobs: Blobs
  allowPrivate: boolean
}): Platforms {
  const all = [ownPage(here), bluesky({ fetch: outgoing({ allowPrivate }) }), formerPage]
  return {
    all: () => all,
    get(kind) {
      const platform = all.find((one) => one.kind === kind)
      if (!platform) throw new Error(`No platform of the kind ${kind} is built in.`)
      return platform
    },
  }
}
