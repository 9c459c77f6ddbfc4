import type { Logger } from 'pino'
import type { LogKey } from './archive/note.ts'
import type { Auth } from './department/auth.ts'
import type { Platforms } from './platforms/contract.ts'
import type { Policy } from './policy/policy.ts'
import type { Blobs } from './storage/blobs.ts'
import type { Db } from './storage/database.ts'
import type { Jobs } from './storage/jobs.ts'
import type { Secrets } from './storage/secrets.ts'
import type { Suggester } from './suggestions/suggestions.ts'

/**
 * What a running Plainview consists of, made once by start.ts and handed to whatever needs it.
 * Screens reach it through `installation(context)`, jobs are given it, tests build one of their own.
 */
export interface Installation {
  db: Db
  policy: Policy
  /** Says what a moderator may want to look at in a comment. */
  suggester: Suggester
  blobs: Blobs
  jobs: Jobs
  platforms: Platforms
  secrets: Secrets
  /** A folder of this machine for files that are being worked on: what is uploaded, what is unpacked. */
  folder: string
  /** Who is signed in, and how they do it. */
  auth: Auth
  /** The key that signs the log's checkpoints. */
  logKey: LogKey
  /** For addresses that people typed: it never leads into the own network, unless the operator allows it. */
  outgoing: typeof globalThis.fetch
  /** The operator allows such addresses to lead into the own network. */
  allowPrivate: boolean
  /** What captures pages as they are seen. */
  browser: FoundBrowser
  log: Logger
  /** Where people reach this installation, without a slash at the end: http://localhost:4370 */
  baseUrl: string
  /** The current time; tests put their own clock here. */
  now(): Date
}

/** The Chromium of this machine, or in a sentence why there is none and what to do. */
export type FoundBrowser = { path: string } | { missing: string }
