import type { HistoryItem, HistoryReader } from '../../history.ts'
import { found, mediaElsewhere, moment } from '../reading.ts'
import { beginningOf } from '../streams.ts'
import { textOfHtml } from '../text-of-html.ts'
import { asJson, child, childText, type XmlElement, xmlElements } from '../xml-elements.ts'

/** A feed that was kept as a file: RSS 2.0, RSS 1.0, or Atom (RFC 4287). */
export const feedHistory: HistoryReader = {
  kind: 'feed',
  title: 'RSS or Atom feed',
  version: 1,
  async recognise(files) {
    const parts = []
    for (const file of files.all) {
      if (!/\.(xml|rss|atom|rdf)$/i.test(file.path) && files.all.length > 1) continue
      const head = (await beginningOf(file, 4096)).toString('latin1').replaceAll('\0', '')
      if (!/<(rss|rdf:RDF|feed)[\s>]/.test(head) || /wordpress\.org\/export\/\d/.test(head)) continue
      parts.push({
        file: file.path,
        async *read() {
          const names = new Set(['item', 'entry'])
          for await (const { element, line } of xmlElements(await file.open(), file.path, names))
            yield* found(
              element.name === 'item' ? itemOf(element) : entryOf(element),
              file.path,
              `line ${line}`,
            )
        },
      })
    }
    return parts.length === 0 ? null : { what: 'RSS or Atom feed', parts, rest: [] }
  },
}

const noId = 'The entry has neither an id nor an address.'

function itemOf(item: XmlElement): HistoryItem | string {
  const link = childText(item, 'link')
  const id = childText(item, 'guid') || link || item.attributes['rdf:about']
  if (!id) return noId
  return {
    kind: 'post',
    remoteId: id,
    url: link || undefined,
    postedAt: moment(childText(item, 'pubDate') || childText(item, 'date')),
    title: childText(item, 'title') || undefined,
    text: textOfHtml(childText(item, 'encoded') || childText(item, 'description')).text,
    author: childText(item, 'creator') || childText(item, 'author') || undefined,
    media: item.children
      .filter(({ name, attributes }) => name === 'enclosure' && attributes.url)
      .map(({ attributes }) => mediaElsewhere(attributes.url as string)),
    original: asJson(item),
  }
}

function entryOf(entry: XmlElement): HistoryItem | string {
  const links = entry.children.filter(({ name }) => name === 'link')
  const link = links.find(({ attributes: { rel } }) => !rel || rel === 'alternate')?.attributes.href
  const id = childText(entry, 'id') || link
  if (!id) return noId
  const body = child(entry, 'content') ?? child(entry, 'summary')
  const author = child(entry, 'author')
  return {
    kind: 'post',
    remoteId: id,
    url: link,
    postedAt: moment(childText(entry, 'published') || childText(entry, 'updated')),
    title: childText(entry, 'title') || undefined,
    text: body ? bodyText(body) : '',
    author: author ? childText(author, 'name') || undefined : undefined,
    media: links
      .filter(({ attributes: { rel, href } }) => rel === 'enclosure' && href)
      .map(({ attributes }) => mediaElsewhere(attributes.href as string)),
    original: asJson(entry),
  }
}

/** Atom holds text, HTML as text, or XHTML as elements. */
function bodyText(body: XmlElement): string {
  if (body.attributes.type === 'xhtml') return insideText(body).replace(/\s+/g, ' ').trim()
  return body.attributes.type === 'html' ? textOfHtml(body.text).text : body.text.trim()
}

const insideText = (element: XmlElement): string =>
  `${element.text} ${element.children.map(insideText).join(' ')}`
