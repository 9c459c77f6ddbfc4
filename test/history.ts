import { type Person, whoIs } from '../src/department/department.ts'
import { registerPage } from '../src/pages/pages.ts'
import { formerPage } from '../src/platforms/former/former.ts'
import { newId } from '../src/storage/ids.ts'
import { testInstallation } from './installation.ts'
import { done, pageEntry } from './town.ts'

/** A department whose records access officer brings in the history of former pages. */
export async function history() {
  const installation = await testInstallation([formerPage])
  const ruth: Person = {
    id: newId<'person'>(),
    name: 'Ruth Amari',
    email: 'ruth@millbrook.example',
    title: 'Records access officer',
    roles: ['records-access-officer', 'author'],
    designee: false,
  }
  await installation.db
    .insertInto('person')
    .values({ ...ruth, roles: [...ruth.roles] })
    .execute()
  let pages = 0
  /** A page of its own for each test, so that none finds what another one imported. */
  const newPage = async () => {
    const entry = { ...pageEntry, title: `Old page ${++pages}`, address: `https://old.example/${pages}` }
    return done(await registerPage(installation, ruth, 'former', entry, []))
  }
  return { installation, rao: whoIs(ruth), newPage }
}
