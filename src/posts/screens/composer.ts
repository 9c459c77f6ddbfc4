import { departmentProfile } from '../../department/department.ts'
import type { Installation } from '../../installation.ts'
import { allPages, approvedPages } from '../../pages/pages.ts'
import { parseId } from '../../storage/ids.ts'
import { formOf } from '../../web/form.ts'
import type { Typed } from '../draft.ts'
import { readUpTo, uploadLimit } from '../image.ts'
import type { Post } from '../store.ts'
import { authorLine } from '../wording.ts'

/** What the composer sent. The file is null when the upload was stopped at the limit. */
export interface Sent {
  typed: Typed
  intent: string
  image: { file: Uint8Array; alt: string } | null
}

/** Reads the composer's form, an upload included, and no further than an upload may be long. */
export async function readComposer(request: Request): Promise<Sent | null> {
  const body = request.body ? await readUpTo(request.body, uploadLimit + 512 * 1024) : Buffer.alloc(0)
  if (!body) return null
  const type = request.headers.get('Content-Type') ?? 'application/x-www-form-urlencoded'
  const form = await formOf(new Response(new Uint8Array(body), { headers: { 'Content-Type': type } }))
  const word = (name: string) => String(form.get(name) ?? '')
  const alts: Record<string, string> = {}
  for (const [name, value] of form) if (name.startsWith('alt-')) alts[name.slice(4)] = String(value)
  const file = form.get('image')
  return {
    intent: word('intent'),
    typed: {
      version: Math.trunc(Number(word('version'))) || 0,
      // Forms send line ends as CR LF; platforms and counts know LF only.
      text: word('text').replaceAll('\r\n', '\n'),
      link: word('link'),
      pages: form.getAll('pages').flatMap((page) => parseId<'page'>(String(page)) ?? []),
      alts,
    },
    image:
      file instanceof File ? { file: new Uint8Array(await file.arrayBuffer()), alt: word('new-alt') } : null,
  }
}

/** The pages a post may go to, each with what its preview needs. */
export async function previewsFor({ db, platforms }: Installation, post: Post) {
  const department = (await departmentProfile(db))?.name ?? ''
  const author = { name: post.authorName, title: post.authorTitle }
  const approved = new Set((await approvedPages(db)).map(({ id }) => id))
  return (await allPages(db))
    .filter((page) => approved.has(page.id) || post.pages.includes(page.id))
    .map((page) => ({
      id: page.id,
      title: page.title,
      approved: approved.has(page.id),
      // On the page already: taking it off is a deletion.
      fixed: post.publications.some((one) => one.page === page.id && !one.refused_at && !one.gone_at),
      line: authorLine(page.authorLine, author, department),
      capabilities: platforms.get(page.platform).capabilities,
    }))
}
export type PagePreview = Awaited<ReturnType<typeof previewsFor>>[number]
