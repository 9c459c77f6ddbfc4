import { z } from 'zod'
import { append } from '../archive/archive.ts'
import {
  type Answer,
  consider,
  departmentProfile,
  type Person,
  type Problems,
  problem,
  whoIs,
} from '../department/department.ts'
import type { Installation } from '../installation.ts'
import type { Platform } from '../platforms/contract.ts'
import type { Db, Tx } from '../storage/database.ts'
import { newId, type PageId, type PersonId } from '../storage/ids.ts'
import { lockPage, type Page, pageById } from './store.ts'

const webAddress = z.url({
  protocol: /^https?$/,
  error: 'Write the whole address, beginning with https://',
})

/** What a person fills in about a page. */
export const pageForm = z.object({
  title: z.string().trim().min(1, 'Give the page its title.').max(64, 'Keep the title under 65 characters.'),
  address: z.union([z.literal(''), webAddress]).default(''),
  slug: z
    .union([
      z.literal(''),
      z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Use small letters, digits and single dashes: town-news'),
    ])
    .default(''),
  purpose: z.string().trim().min(10, 'Say in a sentence what the page is for.').max(600),
  scope: z.string().trim().max(600).default(''),
  audiences: z.string().trim().max(300).default(''),
  website: webAddress,
  contact: z.string().trim().min(3, 'Say how people reach the department.').max(300),
  comment_policy: z.enum(['open', 'off'], 'Choose whether visitors may comment.'),
  comment_topic: z.string().trim().max(200).default(''),
  author_line: z.enum(
    ['department', 'name-and-title', 'initials', 'none'],
    'Choose how posts name their author.',
  ),
})
export type PageForm = z.infer<typeof pageForm>

/** The platform keeps its content in Plainview itself, so its address is ours to give. */
export const isHostedHere = (platform: Platform) => platform.capabilities.comments === 'received'

/** Words that stand for other things in this site's addresses. */
const taken = new Set(
  'about account api archive assets captures comment-appeals comments console feed health images invitation log media notice page pages policy post posts records records-requests removals request requests seal second-factor set-up setup sign-in sign-out verify'.split(
    ' ',
  ),
)

/** Puts a page on the register. It may not be posted to before it is approved (policy IV.A.2.i). */
export async function registerPage(
  installation: Installation,
  person: Person,
  platformKind: string,
  form: PageForm,
  administrators: readonly PersonId[],
): Promise<Answer<PageId>> {
  const platform = installation.platforms.all().find((one) => one.kind === platformKind)
  if (!platform) return { problems: { platform: 'Choose where the page is.' } }
  const problems = await addressProblems(installation.db, platform, form)
  if (problems) return { problems }

  return installation.db.transaction().execute(async (tx) => {
    const id = newId<'page'>()
    const decision = await consider(tx, installation, person, 'page.register', page(id, person.id, false))
    if (!decision.allowed) return { denied: decision }

    await tx
      .insertInto('page')
      .values({
        id,
        platform: platform.kind,
        ...(await columns(installation, platform, form)),
        registered_by: person.id,
        registered_at: installation.now(),
      })
      .execute()
    await setAdministrators(tx, id, administrators)
    await append(tx, {
      at: installation.now(),
      kind: 'page.registration',
      subject: { kind: 'page', id },
      page: id,
      by: whoIs(person),
      decision,
      content: { ...form, platform: platform.kind, administrators: [...administrators], revision: 1 },
      words: `${form.title}\n${form.purpose}\n${form.scope}`,
    })
    return { done: id }
  })
}

/** Changes a page's entry. The new revision waits for its own approval. */
export async function editPage(
  installation: Installation,
  person: Person,
  id: PageId,
  form: PageForm,
  administrators: readonly PersonId[],
): Promise<Answer<PageId>> {
  const before = await pageById(installation.db, id)
  if (!before) return problem('This page is not registered.')
  const platform = installation.platforms.get(before.platform)
  const problems = await addressProblems(installation.db, platform, form, id)
  if (problems) return { problems }

  return installation.db.transaction().execute(async (tx) => {
    const current = await lockPage(tx, id)
    if (!current) return problem('This page is not registered.')
    const what = page(id, current.registeredBy, current.state === 'approved')
    const decision = await consider(tx, installation, person, 'page.edit', what, id)
    if (!decision.allowed) return { denied: decision }

    const revision = current.revision + 1
    await tx
      .updateTable('page')
      .set({ ...(await columns(installation, platform, form)), revision })
      .where('id', '=', id)
      .execute()
    await setAdministrators(tx, id, administrators)
    await append(tx, {
      at: installation.now(),
      kind: 'page.edit',
      subject: { kind: 'page', id },
      page: id,
      by: whoIs(person),
      decision,
      content: { ...form, administrators: [...administrators], revision },
      words: `${form.title}\n${form.purpose}\n${form.scope}`,
    })
    return { done: id }
  })
}

/** What the profile will say, and what did not fit (policy IV.A.1 and IV.A.2). */
export async function disclosuresFor(
  { db, policy }: Pick<Installation, 'db' | 'policy'>,
  platform: Platform,
  form: { purpose: string; website: string; contact: string },
): Promise<{ text: string; leftOut: string[] }> {
  const profile = await departmentProfile(db)
  const { text, left_out } = policy.disclosures(
    {
      departmentName: profile?.name ?? 'This department',
      pagePurpose: form.purpose,
      website: form.website,
      contact: form.contact,
    },
    platform.capabilities.profileLength.max,
  )
  return { text, leftOut: left_out }
}

/** The audiences somebody typed, separated by commas. */
export const audiencesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
  ),
]

async function columns(installation: Installation, platform: Platform, form: PageForm) {
  const { text, leftOut } = await disclosuresFor(installation, platform, form)
  const here = isHostedHere(platform)
  return {
    title: form.title,
    address: here ? `${installation.baseUrl}/${form.slug}` : form.address,
    slug: here ? form.slug : null,
    purpose: form.purpose,
    scope: form.scope,
    audiences: audiencesIn(form.audiences),
    website: form.website,
    contact: form.contact,
    comment_policy: form.comment_policy,
    comment_topic: form.comment_topic,
    author_line: form.author_line,
    disclosures: text,
    left_out: leftOut,
  }
}

async function addressProblems(
  db: Db,
  platform: Platform,
  form: PageForm,
  except?: PageId,
): Promise<Problems | null> {
  if (!isHostedHere(platform))
    return form.address ? null : { address: 'Give the address at which people find the page.' }
  if (!form.slug) return { slug: 'Give the page a short name for its address: town-news' }
  if (taken.has(form.slug))
    return { slug: `“${form.slug}” is used by this site itself. Choose another name.` }
  const other = await db
    .selectFrom('page')
    .select(['id', 'title'])
    .where('slug', '=', form.slug)
    .executeTakeFirst()
  return other && other.id !== except
    ? { slug: `“${other.title}” already has this address. Choose another name.` }
    : null
}

async function setAdministrators(tx: Tx, page: PageId, people: readonly PersonId[]) {
  await tx.deleteFrom('page_administrator').where('page', '=', page).execute()
  if (people.length > 0)
    await tx
      .insertInto('page_administrator')
      .values(people.map((person) => ({ page, person })))
      .execute()
}

/** A page as the policy's rules see it. */
export const page = (id: PageId, registeredBy: PersonId, approved: boolean) => ({
  type: 'Page',
  id,
  registeredBy,
  approved,
})

/** A registered page as the policy's rules see it. */
export const asWhat = (of: Page) => page(of.id, of.registeredBy, of.state === 'approved')
