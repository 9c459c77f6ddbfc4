import { append } from '../archive/archive.ts'
import { type Answer, type Person, whoIs } from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Db } from '../storage/database.ts'
import { considerRequest } from './consideration.ts'
import { considerRate } from './fee.ts'

/** How this department works on requests. */
export interface DeskSettings {
  /** Whether a second person has to look at each redaction before it goes out. */
  secondLook: boolean
  /** How many people live in the municipality; the fees depend on it. Null while nobody has said. */
  population: number | null
  /** What an hour of the lowest-paid person able to do the work costs, in cents. */
  hourlyRateCents: number | null
}

declare module '../storage/database.ts' {
  interface Tables {
    request_desk: {
      singleton?: boolean
      second_look: boolean
      population: number | null
      hourly_rate_cents: number | null
    }
  }
}

export async function deskSettings(db: Db): Promise<DeskSettings> {
  const row = await db.selectFrom('request_desk').selectAll().executeTakeFirst()
  return {
    secondLook: row?.second_look ?? false,
    population: row?.population ?? null,
    hourlyRateCents: row?.hourly_rate_cents ?? null,
  }
}

/** Changes how the desk works, and keeps a record of it. */
export async function changeDeskSettings(
  installation: Installation,
  person: Person,
  settings: DeskSettings,
): Promise<Answer<null>> {
  const decision = await considerRequest(installation, whoIs(person), 'request.enter', 'desk')
  if (!decision.allowed) return { denied: decision }
  const dear = considerRate(settings.hourlyRateCents ?? 0, installation.policy.recordsLaw.fees)
  if (dear) return { problems: { hourlyRate: dear } }
  const row = {
    second_look: settings.secondLook,
    population: settings.population,
    hourly_rate_cents: settings.hourlyRateCents,
  }
  await installation.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('request_desk')
      .values(row)
      .onConflict((conflict) => conflict.column('singleton').doUpdateSet(row))
      .execute()
    await append(tx, {
      kind: 'request.settings',
      subject: { kind: 'request-desk', id: 'desk' },
      by: whoIs(person),
      decision,
      content: { ...settings },
      at: installation.now(),
    })
  })
  return { done: null }
}
