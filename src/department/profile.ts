import { type Db, kept, type Tx } from '../storage/database.ts'

interface DepartmentTable {
  singleton?: boolean
  name: string
  town: string
  time_zone: string
  website: string
  contact_phone: string
  contact_email: string
  contact_address: string
  seal_blob: string | null
  set_up_at: Date
}

declare module '../storage/database.ts' {
  interface Tables {
    department: DepartmentTable
  }
}

/** How the department presents itself. */
export interface DepartmentProfile {
  name: string
  town: string
  /** An IANA name: America/New_York */
  timeZone: string
  website: string
  contactPhone: string
  contactEmail: string
  contactAddress: string
  /** The SHA-256 of the seal's image. */
  sealBlob: string | null
}

/** The department, or null before it is set up. */
export async function departmentProfile(db: Db | Tx): Promise<DepartmentProfile | null> {
  const row = await db
    .selectFrom('department')
    .select(['name', 'town', 'time_zone', 'website'])
    .select(['contact_phone', 'contact_email', 'contact_address', 'seal_blob'])
    .modifyEnd(kept)
    .executeTakeFirst()
  if (!row) return null
  return {
    name: row.name,
    town: row.town,
    timeZone: row.time_zone,
    website: row.website,
    contactPhone: row.contact_phone,
    contactEmail: row.contact_email,
    contactAddress: row.contact_address,
    sealBlob: row.seal_blob,
  }
}

/** How the department can be reached, a line each; empty before it is set up. */
export const contactsOf = (profile: DepartmentProfile | null): string[] =>
  profile
    ? [profile.contactPhone, profile.contactEmail, profile.contactAddress.replace(/\s*\n\s*/g, ', ')].filter(
        Boolean,
      )
    : []

/** The department's time zone; before the department is set up, that of its state. */
export const timeZoneOf = (profile: DepartmentProfile | null): string =>
  profile?.timeZone ?? 'America/New_York'

/** The same, where nothing else of the profile is needed. */
export const timeZoneHere = async (db: Db | Tx): Promise<string> => timeZoneOf(await departmentProfile(db))
