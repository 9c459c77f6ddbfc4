import { sql } from 'kysely'
import type { Installation } from '../../installation.ts'
import type { PersonId } from '../../storage/ids.ts'
import { isHostedHere } from '../registration.ts'

/** What the page's form offers to choose from. */
export async function formChoices({ db, platforms }: Installation) {
  const { rows } = await sql<{
    id: PersonId
    name: string
  }>`select id, name from person order by name`.execute(db)
  return {
    people: rows,
    platforms: platforms.all().map((platform) => ({
      kind: platform.kind,
      title: platform.title,
      hostedHere: isHostedHere(platform),
    })),
  }
}
export type FormChoices = Awaited<ReturnType<typeof formChoices>>

/** The administrators that were ticked; a form sends one field for each. */
export const administratorsIn = async (request: Request) =>
  (await request.clone().formData()).getAll('administrators').map(String) as PersonId[]
