export interface FeedPost {
  url: string
  title: string
  text: string
  publishedAt: Date
  updatedAt: Date
}

/** An Atom feed (RFC 4287). Texts stand in it as text, so nothing in them can become markup. */
export function atomFeed({
  title,
  url,
  author,
  posts,
  now,
}: {
  title: string
  url: string
  author: string
  posts: readonly FeedPost[]
  now: Date
}): string {
  const updated = new Date(Math.max(0, ...posts.map((post) => post.updatedAt.getTime())))
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <id>${xml(url)}</id>
  <title>${xml(title)}</title>
  <updated>${(posts.length > 0 ? updated : now).toISOString()}</updated>
  <author><name>${xml(author)}</name></author>
  <link rel="alternate" type="text/html" href="${xml(url)}"/>
  <link rel="self" type="application/atom+xml" href="${xml(`${url}/feed`)}"/>
${posts.map(entry).join('')}</feed>
`
}

const entry = (post: FeedPost) => `  <entry>
    <id>${xml(post.url)}</id>
    <title>${xml(post.title)}</title>
    <published>${post.publishedAt.toISOString()}</published>
    <updated>${post.updatedAt.toISOString()}</updated>
    <link rel="alternate" type="text/html" href="${xml(post.url)}"/>
    <content type="text">${xml(post.text)}</content>
  </entry>
`

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text in XML 1.0, which has no place for most control characters. */
const xml = (text: string) =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML can't hold
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character)
