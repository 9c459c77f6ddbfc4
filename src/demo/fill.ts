import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Temporal } from 'temporal-polyfill'
import {
  commentById,
  hideComment,
  keepComment,
  registerCommentJobs,
  submitComment,
} from '../comments/comments.ts'
import {
  acceptInvitation,
  appointDesignee,
  invite,
  issueSetUpLink,
  type Person,
  people as peopleOf,
  personById,
  setUp,
} from '../department/department.ts'
import { registerImportJobs } from '../imports/imports.ts'
import type { Installation } from '../installation.ts'
import { approvePage, type PageForm, registerPage, registerPageJobs } from '../pages/pages.ts'
import {
  addImage,
  approvePost,
  publishNow,
  registerPostJobs,
  saveDraft,
  sendBack,
  startDraft,
  submitPost,
} from '../posts/posts.ts'
import { registerRequestJobs } from '../requests/requests.ts'
import type { PageId, PostId } from '../storage/ids.ts'
import { generator } from './chance.ts'
import { expectClaim } from './claim.ts'
import { conversation } from './conversation.ts'
import { dispute } from './disputes.ts'
import { done } from './done.ts'
import { bringHistory } from './former-page.ts'
import { jobsByHand } from './jobs-by-hand.ts'
import { demoPassword, department, type PersonKey, people } from './people.ts'
import { openPosts, posts } from './posts.ts'
import { answer, report, type Said } from './reactions.ts'
import { askForRecords } from './requests.ts'
import { drawScene } from './scenes.ts'

/** As many comments as the demonstration has, unless a test wants fewer. */
const usual = { posts: posts.length, comments: 3000 }
const day = 86_400_000

/**
 * Fills an empty installation with a town's department, by the same steps that people take: everything is decided
 * by the policy and recorded, at the times when it would have happened.
 */
export async function fill(real: Installation, size = usual): Promise<void> {
  const jobs = jobsByHand()
  let clock = new Date(real.now().getTime() - 140 * day)
  const here: Installation = { ...real, jobs, now: () => clock }
  await registerPageJobs(here)
  await registerPostJobs(here)
  await registerCommentJobs(here)
  const scratch = await mkdtemp(path.join(tmpdir(), 'plainview-demo-'))
  await registerRequestJobs(here, { folder: scratch })
  await registerImportJobs(here, { file: 1, total: 1 })

  const staff = await hire(here)
  const page = await openPages(here, staff, jobs)
  const chosen = posts.slice(-size.posts)
  const publications: { id: string; at: Date }[] = []
  for (const post of chosen) {
    const at = momentOf(real.now(), post.daysAgo, post.time)
    clock = new Date(at.getTime() - 3_600_000)
    const author = staff[post.by]
    const id = await draft(here, author, post.text, page)
    if (post.scene) {
      const { content } = await drawScene(post.scene)
      done(await addImage(here, author, id.post, id.version, content, post.alt ?? ''))
      id.version += 1
    }
    done(await submitPost(here, author, id.post, id.version))
    clock = new Date(at.getTime() - 600_000)
    done(
      await approvePost(here, post.by === 'lieutenant' ? staff.chief : staff.lieutenant, id.post, id.version),
    )
    clock = at
    done(await publishNow(here, author, id.post, id.version))
    await jobs.runAll()
    const publication = await real.db
      .selectFrom('publication')
      .select('id')
      .where('post', '=', id.post)
      .executeTakeFirstOrThrow()
    publications.push({ id: publication.id, at })
  }

  const remarks = conversation(chosen, size.comments)
    .map((remark) => ({
      ...remark,
      at: new Date((publications[remark.post]?.at.getTime() ?? 0) + remark.minutesAfter * 60_000),
    }))
    .filter((remark) => remark.at < real.now() && publications[remark.post])
    .sort((a, b) => a.at.getTime() - b.at.getTime())
  const captured: Said[] = []
  // The same name is the same person, with the browser they used before.
  const browsers = new Map<string, string>()
  for (const [n, remark] of remarks.entries()) {
    clock = remark.at
    const sent = done(
      await submitComment(here, {
        page,
        publication: publications[remark.post]?.id ?? '',
        name: remark.name,
        text: remark.text,
        honeypot: '',
        clientAddress: `2001:db8::${n.toString(16)}`,
        token: browsers.get(remark.name),
      }),
    )
    browsers.set(remark.name, sent.token)
    if (sent.comment) captured.push({ id: sent.comment, remark, at: remark.at })
  }
  const set = (at: Date) => {
    clock = at
  }
  await report(here, captured, set)
  await answer(here, staff.lieutenant, captured, real.now(), set)
  await moderate(here, staff, captured, real.now(), set)
  clock = real.now()
  const before = publications.filter(({ at }) => at.getTime() < real.now().getTime() - 10 * day).at(-1)
  if (before) await dispute(here, staff, { page, publication: before.id }, set)

  clock = real.now()
  for (const open of openPosts) {
    const author = staff[open.by]
    const { post, version } = await draft(here, author, open.text, page)
    if (open.state === 'draft') continue
    const sent = await submitPost(here, author, post, version)
    // What the policy stops stays a draft: the demonstration shows that as well.
    if ('done' in sent && open.state === 'returned')
      await sendBack(here, staff.lieutenant, post, version, open.comments ?? '')
  }
  await askForRecords(here, staff, {
    set,
    now: real.now(),
    dateOf,
    work: () => jobs.runAll(),
  })
  clock = new Date(real.now().getTime() - 20 * day)
  await bringHistory(here, staff, () => jobs.runAll())
  clock = real.now()
  await expectClaim(here, staff.records, set)
  await jobs.runAll()
  await rm(scratch, { recursive: true, force: true })
}

type Staff = Record<PersonKey, Person>

async function hire(here: Installation): Promise<Staff> {
  const [chief, ...others] = people
  if (!chief) throw new Error('The demonstration has no chief.')
  const token = await issueSetUpLink(here)
  const contact = department as Record<string, unknown>
  const text = (name: string) => (typeof contact[name] === 'string' ? String(contact[name]) : '')
  done(
    await setUp(here, token ?? '', {
      department: department.name,
      town: department.town,
      time_zone: department.timeZone,
      website: department.website,
      contact_phone: text('contactPhone'),
      contact_email: text('contactEmail'),
      contact_address: text('contactAddress'),
      name: chief.name,
      title: chief.title,
      email: chief.email,
      password: demoPassword,
    }),
  )
  const first = (await peopleOf(here.db)).find((one) => one.email === chief.email)
  if (!first) throw new Error('The chief did not come in.')
  for (const one of others) {
    const { name, title, email } = one
    const link = done(await invite(here, first, { name, title, email, roles: [...one.roles] }))
    done(await acceptInvitation(here, link, demoPassword))
  }
  const staff = {} as Staff
  for (const person of await peopleOf(here.db)) {
    const key = people.find((one) => one.email === person.email)?.key
    if (key) staff[key] = person
  }
  const today = Temporal.Instant.fromEpochMilliseconds(here.now().getTime())
    .toZonedDateTimeISO(department.timeZone)
    .toPlainDate()
  done(
    await appointDesignee(here, first, staff.lieutenant, {
      from_day: today.toString(),
      to_day: today.add({ years: 1 }).toString(),
    }),
  )
  const lieutenant = await personById(here.db, staff.lieutenant.id, here.now())
  if (lieutenant) staff.lieutenant = lieutenant
  return staff
}

async function openPages(
  here: Installation,
  staff: Staff,
  jobs: ReturnType<typeof jobsByHand>,
): Promise<PageId> {
  const form: PageForm = {
    title: department.name,
    address: '',
    slug: 'news',
    purpose: `News, safety advice and urgent notices for the people of ${department.town}.`,
    scope: 'No emergencies and no crime reports: call 911 or the station.',
    audiences: 'residents, visitors, businesses',
    website: department.website,
    contact: 'The station’s front desk, 555-0100',
    comment_policy: 'open',
    comment_topic: 'what the post above them is about',
    author_line: 'name-and-title',
  }
  const page = done(await registerPage(here, staff.pio, 'own', form, [staff.pio.id]))
  done(await approvePage(here, staff.chief, page, { revision: 1, reasons: 'What the town needs.' }))
  const young = {
    ...form,
    title: 'Wexford Falls Police Explorers',
    slug: 'explorers',
    purpose: 'For young people from fourteen to twenty who want to know the work of the police.',
    audiences: 'youth, recruits',
  }
  done(await registerPage(here, staff.community, 'own', young, [staff.community.id]))
  await jobs.runAll()
  return page
}

async function draft(here: Installation, author: Person, text: string, page: PageId) {
  const post = done(await startDraft(here, author))
  const { version } = done(
    await saveDraft(here, author, post, { version: 1, text, link: '', pages: [page], alts: {} }),
  )
  return { post: post as PostId, version }
}

/** What the moderators did: everything older than two days is decided, the rest waits. */
async function moderate(
  here: Installation,
  staff: Staff,
  captured: readonly Said[],
  now: Date,
  set: (at: Date) => void,
) {
  const chance = generator(41)
  const reasons: Record<string, string> = {
    spam: 'off-topic',
    threat: 'personal-attack',
    private: 'personal-attack',
    obscene: 'obscenity',
    attack: 'personal-attack',
  }
  for (const { id, remark, at } of captured) {
    if (now.getTime() - at.getTime() < 2 * day) continue
    const reason = reasons[remark.kind]
    // Most of what is harmless is never decided on; it simply stays.
    if (!reason && chance() > 0.15) continue
    const comment = await commentById(here.db, id)
    if (!comment) continue
    set(new Date(at.getTime() + Math.round((5 + chance() * 240) * 60_000)))
    const moderator = chance() < 0.5 ? staff.clerk : staff.dispatcher
    const seen = { revision: comment.revision }
    if (reason) await hideComment(here, moderator, id, { ...seen, reason })
    else await keepComment(here, moderator, id, seen)
  }
}

const dateOf = (at: Date) =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime())
    .toZonedDateTimeISO(department.timeZone)
    .toPlainDate()
    .toString()

function momentOf(now: Date, daysAgo: number, time: string): Date {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(department.timeZone)
  const at = today
    .toPlainDate()
    .subtract({ days: daysAgo })
    .toZonedDateTime({ timeZone: department.timeZone, plainTime: time })
  return new Date(Math.min(at.epochMilliseconds, now.getTime() - 60_000))
}
