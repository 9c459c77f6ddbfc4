import type { Person } from '../src/department/department.ts'
import type { Installation } from '../src/installation.ts'
import {
  approvePage,
  connectPage,
  type PageForm,
  registerPage,
  registerPageJobs,
} from '../src/pages/pages.ts'
import type { Capabilities } from '../src/platforms/contract.ts'
import { saveDraft, startDraft } from '../src/posts/draft.ts'
import { registerPostJobs } from '../src/posts/publish.job.ts'
import { approvePost, submitPost } from '../src/posts/review.ts'
import { newId, type PageId } from '../src/storage/ids.ts'
import { fakePlatform } from './fake-platform.ts'
import { testInstallation } from './installation.ts'

export const pageEntry: PageForm = {
  title: 'Town square',
  address: 'https://fake.example/town',
  slug: '',
  purpose: 'News and safety advice for the people of Millbrook.',
  scope: 'No emergencies: call 911.',
  audiences: 'residents',
  website: 'https://millbrook.example',
  contact: '555-0100',
  comment_policy: 'open',
  comment_topic: 'what is posted',
  author_line: 'name-and-title',
}

/** A department for tests: its people, and one approved and connected page on a fake platform. */
export async function town(capabilities: Partial<Capabilities> = {}) {
  const fake = fakePlatform(capabilities)
  const installation = await testInstallation([fake.platform])
  let clock: Date | null = null
  installation.now = () => clock ?? new Date()
  await registerPageJobs(installation)
  await registerPostJobs(installation)
  const settled = await settle(installation, 'fake', { handle: 'town.example', password: 'open sesame' })
  const setClock = (at: Date | null) => {
    clock = at
  }
  return { installation, fake, db: installation.db, setClock, ...settled }
}

/** Lets people move into an installation, with one approved and connected page on `platform`. */
export async function settle(
  installation: Installation,
  platform: string,
  connection: Readonly<Record<string, string>>,
) {
  const { db } = installation
  const person = async (name: string, title: string, roles: Person['roles'], designee = false) => {
    const id = newId<'person'>()
    const email = `${name.split(' ')[0]?.toLowerCase()}@millbrook.example`
    const row = { id, name, email, title, roles: [...roles], designee }
    await db.insertInto('person').values(row).execute()
    return row as Person
  }
  const chief = await person('Maria Rivera', 'Chief', ['chief-executive'])
  const osei = await person('Dana Osei', 'Lt.', ['pio'], true)
  const pio = await person('Sam Whitcomb', 'Sgt.', ['pio'])
  const author = await person('Lee Park', 'Officer', ['author'])

  const page = done(await registerPage(installation, pio, platform, pageEntry, [pio.id]))
  done(await connectPage(installation, chief, page, connection))
  done(await approvePage(installation, chief, page, { revision: 1, reasons: '' }))

  const draft = async (text: string, pages: PageId[] = [page]) => {
    const id = done(await startDraft(installation, author))
    const { version } = done(
      await saveDraft(installation, author, id, { version: 1, text, link: '', pages, alts: {} }),
    )
    return { id, version }
  }
  const approved = async (text: string) => {
    const post = await draft(text)
    done(await submitPost(installation, author, post.id, post.version))
    done(await approvePost(installation, chief, post.id, post.version))
    return post
  }
  const records = (kind: string) => db.selectFrom('record').selectAll().where('kind', '=', kind).execute()
  return { chief, osei, pio, author, page, person, draft, approved, records }
}

/** What an answer brought, or a test that fails with the reason. */
export function done<Value>(answer: { done: Value } | object): Value {
  if ('done' in answer) return answer.done as Value
  throw new Error(`Not done: ${JSON.stringify(answer)}`)
}
