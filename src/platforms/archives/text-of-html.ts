import { Parser } from 'htmlparser2'

const hidden = new Set(['script', 'style', 'head', 'template', 'noscript'])
const blocks = new Set(
  'address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul'.split(
    ' ',
  ),
)

interface HtmlText {
  text: string
  title: string
  images: { address: string; alt: string | undefined }[]
}

/** The text that a reader of HTML sees, with its line breaks; the document's title; and its images. */
export function textOfHtml(html: string): HtmlText {
  const images: HtmlText['images'] = []
  let text = ''
  let title = ''
  let unseen = 0
  let inTitle = false
  const parser = new Parser({
    onopentag(name, { src, alt }) {
      if (name === 'title') inTitle = true
      if (name === 'img' && src) images.push({ address: src, alt })
      if (hidden.has(name)) unseen++
      else if (blocks.has(name) && !text.endsWith('\n\n')) text += '\n'
    },
    ontext(piece) {
      if (inTitle) title += piece
      else if (unseen === 0) text += piece
    },
    onclosetag(name) {
      if (name === 'title') inTitle = false
      if (hidden.has(name)) unseen = Math.max(0, unseen - 1)
      else if (blocks.has(name) && name !== 'br' && !text.endsWith('\n\n')) text += '\n'
    },
  })
  parser.write(html)
  parser.end()
  const tidy = (piece: string) =>
    piece
      .replace(/[ \t\r\u00a0]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim()
  return { text: tidy(text), title: tidy(title), images }
}
