import type { HistoryItem, HistoryReader } from '../../history.ts'
import { found, mediaElsewhere, moment } from '../reading.ts'
import { beginningOf } from '../streams.ts'
import { textOfHtml } from '../text-of-html.ts'
import { asJson, childText, type XmlElement, xmlElements } from '../xml-elements.ts'

const wp = /^http:\/\/wordpress\.org\/export\/\d+\.\d+\/$/
const content = /purl\.org\/rss\/1\.0\/modules\/content/
const never: Record<string, string> = {
  draft: 'A draft was never published.',
  'auto-draft': 'A draft was never published.',
  pending: 'A draft was never published.',
  future: 'A post that waits for its day is not published yet.',
  inherit: '',
}

/** WordPress's own export ("WXR": RSS with its additions), with the comments under each post. */
export const wordpressHistory: HistoryReader = {
  kind: 'wordpress',
  title: 'WordPress export (WXR)',
  version: 1,
  async recognise(files) {
    const parts = []
    for (const file of files.all) {
      if (!/\.(xml|wxr)$/i.test(file.path) && files.all.length > 1) continue
      const head = (await beginningOf(file, 4096)).toString('latin1')
      if (!/<rss[\s>]/.test(head) || !/wordpress\.org\/export\/\d/.test(head)) continue
      parts.push({
        file: file.path,
        async *read() {
          for await (const { element, line } of xmlElements(await file.open(), file.path, new Set(['item'])))
            for (const one of understand(element)) yield* found(one, file.path, `line ${line}`)
        },
      })
    }
    return parts.length === 0 ? null : { what: 'WordPress export (WXR)', parts, rest: [] }
  },
}

const field = (item: XmlElement, name: string) => childText(item, name, wp)

function* understand(item: XmlElement): Generator<HistoryItem | string> {
  const type = field(item, 'post_type')
  const status = field(item, 'status')
  const id = field(item, 'post_id')
  if (!id) return yield 'The entry has no number.'
  if (type === 'attachment') yield attachmentOf(item, id)
  else if (type !== 'post' && type !== 'page')
    return yield `Entries of the kind “${type.slice(0, 40) || 'none'}” belong to the site’s building, not to what it says.`
  else if (never[status]) return yield never[status]
  else yield postOf(item, id, status)
  for (const comment of item.children.filter(({ name }) => name === 'comment'))
    yield commentOf(comment, item, id)
}

/** WordPress numbers start at 1 on every site, so the site's address is part of the id. */
const known = (item: XmlElement, id: string) =>
  childText(item, 'guid') || `${siteOf(childText(item, 'link'))}?p=${id}`

const siteOf = (link: string) => (URL.canParse(link) ? new URL(link).origin : '')

function postOf(item: XmlElement, id: string, status: string): HistoryItem {
  const { text, images } = textOfHtml(childText(item, 'encoded', content))
  return {
    kind: 'post',
    remoteId: known(item, id),
    url: childText(item, 'link') || undefined,
    postedAt: writtenAt(field(item, 'post_date_gmt'), childText(item, 'pubDate')),
    title: childText(item, 'title') || undefined,
    text,
    author: childText(item, 'creator') || undefined,
    state: status === 'publish' || status === 'inherit' ? undefined : status,
    media: images.map(({ address, alt }) => mediaElsewhere(address, alt)),
    original: asJson({ ...item, children: item.children.filter(({ name }) => name !== 'comment') }),
  }
}

function attachmentOf(item: XmlElement, id: string): HistoryItem {
  return {
    kind: 'post',
    remoteId: known(item, id),
    url: childText(item, 'link') || undefined,
    postedAt: writtenAt(field(item, 'post_date_gmt'), childText(item, 'pubDate')),
    title: childText(item, 'title') || undefined,
    text: textOfHtml(childText(item, 'encoded', content)).text,
    state: 'attachment',
    media: [mediaElsewhere(field(item, 'attachment_url'))],
    original: asJson({ ...item, children: item.children.filter(({ name }) => name !== 'comment') }),
  }
}

/** E-mail and network addresses of commenters stay behind: they were never public. */
const secret = new Set(['comment_author_email', 'comment_author_IP'])
const approval: Record<string, string | undefined> = { '0': 'not approved', spam: 'spam', trash: 'trash' }

function commentOf(comment: XmlElement, item: XmlElement, post: string): HistoryItem | string {
  const id = field(comment, 'comment_id')
  if (!id) return 'A comment has no number.'
  const parent = field(comment, 'comment_parent')
  return {
    kind: 'comment',
    remoteId: `${known(item, post)}#comment-${id}`,
    url: childText(item, 'link') ? `${childText(item, 'link')}#comment-${id}` : undefined,
    postedAt: writtenAt(field(comment, 'comment_date_gmt'), ''),
    text: textOfHtml(field(comment, 'comment_content')).text,
    author: field(comment, 'comment_author') || undefined,
    inReplyTo: parent && parent !== '0' ? `${known(item, post)}#comment-${parent}` : known(item, post),
    state: approval[field(comment, 'comment_approved')],
    media: [],
    original: asJson({ ...comment, children: comment.children.filter(({ name }) => !secret.has(name)) }),
  }
}

/** WordPress writes GMT without saying so, and zeros for what has no time. */
const writtenAt = (gmt: string, otherwise: string) =>
  gmt && !gmt.startsWith('0000') ? moment(`${gmt.replace(' ', 'T')}Z`) : moment(otherwise)
