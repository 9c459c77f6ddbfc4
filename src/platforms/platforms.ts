import type { Blobs } from '../storage/blobs.ts'
import type { Db } from '../storage/database.ts'
import type { Platforms } from './contract.ts'
import { ownPage } from './own/own.ts'

/** The places that this installation can post to. */
export function createPlatforms(here: { db: Db; blobs: Blobs }): Platforms {
  const all = [ownPage(here)]
  return {
    all: () => all,
    get(kind) {
      const platform = all.find((one) => one.kind === kind)
      if (!platform) throw new Error(`No platform of the kind ${kind} is built in.`)
      return platform
    },
  }
}
