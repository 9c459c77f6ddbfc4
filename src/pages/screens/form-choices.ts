import { people } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import { parseId } from '../../storage/ids.ts'
import { isHostedHere } from '../registration.ts'

/** What the page's form offers to choose from. Who has left looks after no page. */
export async function formChoices({ db, platforms, now }: Installation) {
  return {
    people: (await people(db, now())).map(({ id, name }) => ({ id, name })),
    platforms: platforms.all().map((platform) => ({
      kind: platform.kind,
      title: platform.title,
      hostedHere: isHostedHere(platform),
    })),
  }
}
export type FormChoices = Awaited<ReturnType<typeof formChoices>>

/** The administrators that were ticked; a form sends one field for each. */
export const administratorsIn = (form: FormData) =>
  form.getAll('administrators').flatMap((typed) => parseId<'person'>(String(typed)) ?? [])
