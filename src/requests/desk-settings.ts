import type { Db } from '../storage/database.ts'

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
