import path from 'node:path'
import { z } from 'zod'
import { CannotStart } from './storage/cannot-start.ts'
import type { S3Place } from './storage/s3-blobs.ts'

/** What the operator of an installation decides, all of it in the environment. docs/operations.md lists it. */
export interface Settings {
  /** The data folder. */
  folder: string
  /** The owner's address of a PostgreSQL of the department's own, or null for the embedded one. */
  databaseUrl: string | null
  port: number
  /** The address of this machine that is listened on. */
  host: string
  /** Where people reach it, without a slash at the end. */
  baseUrl: string
  /** The folder of the policy pack. */
  policy: string
  logLevel: string
  /** Where files are kept, or null for the data folder. */
  s3: S3Place | null
  /** Whether the last address in X-Forwarded-For is believed: there is a proxy before us that writes it. */
  trustProxy: boolean
  allowPrivateNetwork: boolean
  /** The browser that captures pages, or null to look for one. */
  chromium: string | null
  /** What one file of an imported export may unpack to, and all of them. */
  importGigabytes: { file: number; total: number }
}

const root = path.join(import.meta.dirname, '..')
const isUrl = (text: string, ...schemes: string[]) =>
  URL.canParse(text) && schemes.includes(new URL(text).protocol)
const flag = z.stringbool({ error: 'has to be true or false' }).default(false)

const gigabytes = z.coerce.number('has to be a number').positive('has to be more than 0')

const form = z.object({
  PLAINVIEW_DATA: z.string().optional(),
  DATABASE_URL: z
    .string()
    .refine(
      (text) => isUrl(text, 'postgres:', 'postgresql:'),
      'has to look like postgres://owner:password@host:5432/database',
    )
    .optional(),
  PORT: z.coerce
    .number('has to be a number')
    .int('has to be a whole number')
    .min(1, 'has to be from 1 to 65535')
    .max(65_535, 'has to be from 1 to 65535')
    .default(4370),
  PLAINVIEW_HOST: z.string().default('127.0.0.1'),
  PLAINVIEW_URL: z
    .string()
    .refine(
      (text) => isUrl(text, 'http:', 'https:') && new URL(text).pathname === '/' && !/[?#]/.test(text),
      'has to be the whole address without a path, like https://social.town.gov',
    )
    .optional(),
  PLAINVIEW_POLICY: z.string().default('policy/4.37'),
  PLAINVIEW_LOG: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'has to be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  PLAINVIEW_S3_BUCKET: z.string().optional(),
  PLAINVIEW_S3_ENDPOINT: z
    .string()
    .refine((text) => isUrl(text, 'http:', 'https:'), 'has to be an address like https://s3.town.gov')
    .optional(),
  AWS_REGION: z.string().default('us-east-1'),
  PLAINVIEW_TRUST_PROXY: flag,
  PLAINVIEW_ALLOW_PRIVATE_NETWORK: flag,
  PLAINVIEW_CHROMIUM: z.string().optional(),
  PLAINVIEW_IMPORT_FILE_GB: gigabytes.default(4),
  PLAINVIEW_IMPORT_TOTAL_GB: gigabytes.default(200),
})

/** Reads the environment; throws CannotStart with a sentence for each value that can't be used. */
export function readSettings(env: NodeJS.ProcessEnv, { demo = false } = {}): Settings {
  // An empty value is how a service file says "not set".
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = form.safeParse(given)
  if (!read.success)
    throw new CannotStart(
      read.error.issues
        .map(
          (issue) =>
            `${String(issue.path[0])} ${issue.message}. Now it is “${withoutPassword(given[String(issue.path[0])] ?? '')}”.`,
        )
        .join('\n'),
    )
  const value = read.data
  return {
    folder: path.resolve(root, value.PLAINVIEW_DATA ?? (demo ? 'data/demo' : 'data')),
    databaseUrl: value.DATABASE_URL ?? null,
    port: value.PORT,
    host: value.PLAINVIEW_HOST,
    baseUrl: (value.PLAINVIEW_URL ?? `http://localhost:${value.PORT}`).replace(/\/$/, ''),
    policy: path.resolve(root, value.PLAINVIEW_POLICY),
    logLevel: value.PLAINVIEW_LOG,
    s3: value.PLAINVIEW_S3_BUCKET
      ? {
          bucket: value.PLAINVIEW_S3_BUCKET,
          region: value.AWS_REGION,
          ...(value.PLAINVIEW_S3_ENDPOINT ? { endpoint: value.PLAINVIEW_S3_ENDPOINT } : {}),
        }
      : null,
    trustProxy: value.PLAINVIEW_TRUST_PROXY,
    allowPrivateNetwork: value.PLAINVIEW_ALLOW_PRIVATE_NETWORK,
    chromium: value.PLAINVIEW_CHROMIUM ?? null,
    importGigabytes: { file: value.PLAINVIEW_IMPORT_FILE_GB, total: value.PLAINVIEW_IMPORT_TOTAL_GB },
  }
}

/** An address as it may be shown: whoever reads the terminal need not read the password. */
export const withoutPassword = (url: string): string => url.replace(/:[^:@/]*@/, ':…@')
