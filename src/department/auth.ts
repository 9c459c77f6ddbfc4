import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins'
import { sql } from 'kysely'
import type pg from 'pg'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PersonId } from '../storage/ids.ts'
import type { Secrets } from '../storage/secrets.ts'
import { type Person, personById } from './people.ts'

/** How a step of signing in ended. `cookies` are for the browser, as they are. */
export type SignIn =
  | { outcome: 'in'; cookies: string[] }
  /** The password was right; now the code. */
  | { outcome: 'code'; cookies: string[] }
  | { outcome: 'refused'; because: string }

export interface SignedIn {
  person: Person
  /** A person without a second factor sets one up before anything else. */
  secondFactor: boolean
  /** The session's cookie with its new end. */
  cookies: string[]
}

/** Sign-in. Accounts are made by set-up and invitation only; nobody registers themselves. */
export interface Auth {
  /** Answers below /api/auth/passkey/: the browser's half of passkeys. */
  handler(request: Request): Promise<Response>
  /** Who is signed in. Unless a browser asks by itself (`byItself`), with nobody there, the session goes on for half an hour. */
  signedIn(headers: Headers, how?: { byItself: boolean }): Promise<SignedIn | null>
  signIn(email: string, password: string, headers: Headers): Promise<SignIn>
  /** The second step: six digits of the code app, or a backup code. */
  verifyCode(code: string, headers: Headers): Promise<SignIn>
  signOut(headers: Headers): Promise<string[]>
  /** Gives a person their password, in the transaction that makes them or lets them in again. Sessions of an older one end. */
  setPassword(tx: Tx, person: PersonId, password: string): Promise<void>
  /** Begins a code app: its otpauth:// address and backup codes, or null when the password is wrong. */
  beginCodes(password: string, headers: Headers): Promise<{ uri: string; backupCodes: string[] } | null>
  /** Ends it: the first code proves that the app works. */
  confirmCodes(code: string, headers: Headers): Promise<SignIn>
}

/** Failed attempts before a pause, and how long it lasts. */
const attempts = 5
const pauseMinutes = 15
/** A session ends when nobody used it for this long. */
export const idleMinutes = 30

const wrong = 'E-mail address or password is not right.'

export function createAuth({
  db,
  pool,
  baseUrl,
  secrets,
  secondFactor: required = true,
}: {
  db: Db
  pool: pg.Pool
  baseUrl: string
  secrets: Secrets
  /** Only a demonstration does without. */
  secondFactor?: boolean
}): Auth {
  const site = new URL(baseUrl)
  const auth = betterAuth({
    appName: 'Plainview',
    baseURL: baseUrl,
    basePath: '/api/auth',
    secret: secrets.derive('sign-in'),
    database: pool,
    trustedOrigins: [site.origin],
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 200 },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      database: { generateId: () => newId() },
      useSecureCookies: site.protocol === 'https:',
      cookiePrefix: 'plainview',
    },
    user: {
      modelName: 'person',
      fields: { emailVerified: 'email_verified', createdAt: 'joined_at', updatedAt: 'changed_at' },
    },
    session: {
      modelName: 'sign_in_session',
      expiresIn: idleMinutes * 60,
      updateAge: 60,
      fields: {
        expiresAt: 'expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        userId: 'user_id',
      },
    },
    account: {
      modelName: 'sign_in_account',
      fields: {
        accountId: 'account_id',
        providerId: 'provider_id',
        userId: 'user_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: {
      modelName: 'sign_in_verification',
      fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' },
    },
    plugins: [
      twoFactor({
        issuer: 'Plainview',
        schema: {
          user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
          twoFactor: {
            modelName: 'sign_in_two_factor',
            fields: {
              backupCodes: 'backup_codes',
              userId: 'user_id',
              failedVerificationCount: 'failed_verification_count',
              lockedUntil: 'locked_until',
            },
          },
        },
      }),
      passkey({
        rpID: site.hostname,
        rpName: 'Plainview',
        origin: site.origin,
        schema: {
          passkey: {
            modelName: 'sign_in_passkey',
            fields: {
              publicKey: 'public_key',
              userId: 'user_id',
              credentialID: 'credential_id',
              deviceType: 'device_type',
              backedUp: 'backed_up',
              createdAt: 'created_at',
            },
          },
        },
      }),
    ],
  })

  /** Calls the library as a browser would have, and keeps its cookies for the browser. */
  async function ask(call: Promise<Response>) {
    const response = await call
    const body = (await response.json().catch(() => null)) as Record<string, unknown> | null
    return { ok: response.ok, body, cookies: response.headers.getSetCookie() }
  }

  const hasPasskey = async (person: PersonId) =>
    (await sql`select from sign_in_passkey where user_id = ${person} limit 1`.execute(db)).rows.length > 0

  return {
    handler: (request) => auth.handler(request),

    async signedIn(headers, { byItself } = { byItself: false }) {
      if (!headers.get('cookie')) return null
      const query = { disableRefresh: byItself }
      const answer = await auth.api.getSession({ headers, query, returnHeaders: true })
      if (!answer.response) return null
      const id = answer.response.user.id as PersonId
      const person = await personById(db, id)
      if (!person) return null
      const user = answer.response.user as { twoFactorEnabled?: boolean | null }
      const secondFactor = !required || user.twoFactorEnabled === true || (await hasPasskey(id))
      return { person, secondFactor, cookies: answer.headers.getSetCookie() }
    },

    async signIn(email, password, headers) {
      const person = await db
        .selectFrom('person')
        .select(['id', 'ended_at'])
        .where('email', '=', email.trim().toLowerCase())
        .executeTakeFirst()
      if (person?.ended_at) return { outcome: 'refused', because: wrong }
      if (person && !(await takeAttempt(db, person.id)))
        return {
          outcome: 'refused',
          because: `Too many attempts failed. Wait ${pauseMinutes} minutes, or ask information services to unlock your sign-in.`,
        }
      const { ok, body, cookies } = await ask(
        auth.api.signInEmail({
          body: { email: email.trim().toLowerCase(), password },
          headers,
          asResponse: true,
        }),
      )
      if (!ok) return { outcome: 'refused', because: wrong }
      if (person) await clearFailures(db, person.id)
      if (body?.twoFactorRedirect) return { outcome: 'code', cookies }
      // Whoever has only a passkey as second factor would get in with the password alone.
      if (person && (await hasPasskey(person.id)))
        return { outcome: 'refused', because: 'Sign in with your passkey: it is set up for your account.' }
      return { outcome: 'in', cookies }
    },

    async verifyCode(code, headers) {
      const digits = code.replaceAll(/\s/g, '')
      const call = /^\d{6}$/.test(digits)
        ? auth.api.verifyTOTP({ body: { code: digits }, headers, asResponse: true })
        : auth.api.verifyBackupCode({ body: { code: code.trim() }, headers, asResponse: true })
      const { ok, cookies } = await ask(call)
      if (ok) return { outcome: 'in', cookies }
      return {
        outcome: 'refused',
        because: 'This code is not right, or it is too old. Type the newest one, or begin again.',
      }
    },

    async signOut(headers) {
      return (await ask(auth.api.signOut({ headers, asResponse: true }))).cookies
    },

    async setPassword(tx, person, password) {
      const { password: hasher } = await auth.$context
      const hash = await hasher.hash(password)
      await sql`insert into sign_in_account (id, account_id, provider_id, user_id, password)
        values (${newId()}, ${person}, 'credential', ${person}, ${hash})
        on conflict (provider_id, account_id) do update set password = excluded.password`.execute(tx)
      await endSessions(tx, person)
    },

    async beginCodes(password, headers) {
      const { ok, body } = await ask(
        auth.api.enableTwoFactor({ body: { password }, headers, asResponse: true }),
      )
      if (!ok || !body) return null
      return { uri: String(body.totpURI), backupCodes: (body.backupCodes as string[]) ?? [] }
    },

    async confirmCodes(code, headers) {
      const { ok, cookies } = await ask(
        auth.api.verifyTOTP({ body: { code: code.replaceAll(/\s/g, '') }, headers, asResponse: true }),
      )
      return ok
        ? { outcome: 'in', cookies }
        : { outcome: 'refused', because: 'This code does not fit. Type the one the app shows now.' }
    },
  }
}

/**
 * Counts an attempt as failed before its password is looked at, so that guesses sent all at once are no more than the same
 * guesses one after another; false during the pause that the last one began. A right password clears the count.
 */
async function takeAttempt(db: Db, id: PersonId): Promise<boolean> {
  const { rows } = await sql`
    update person set failures = case when failures + 1 >= ${attempts} then 0 else failures + 1 end,
      locked_until = case when failures + 1 >= ${attempts} then now() + make_interval(mins => ${pauseMinutes}) end
    where id = ${id} and (locked_until is null or locked_until <= now()) returning id`.execute(db)
  return rows.length > 0
}

/** Signs somebody out everywhere. */
export const endSessions = (tx: Tx, id: PersonId) =>
  sql`delete from sign_in_session where user_id = ${id}`.execute(tx)

/** Lets somebody try again at once. */
export async function clearFailures(db: Db | Tx, id: PersonId): Promise<void> {
  await db.updateTable('person').set({ failures: 0, locked_until: null }).where('id', '=', id).execute()
}
