import { createHash } from 'node:crypto'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { CarWriter } from '@ipld/car/writer'
import { decode, encode } from '@ipld/dag-cbor'
import { pack } from 'tar-stream'

/** Exports in the forms that platforms give them, small and made in code; and broken ones, byte for byte. */

export interface ZipEntry {
  name: string
  content: string | Uint8Array
  /** What the entry says of itself, where that differs from what is true. */
  claims?: {
    bytes?: number
    crc32?: number
    method?: number
    flags?: number
    attributes?: number
    offset?: number
    packed?: number
  }
}

/** A ZIP file (APPNOTE 6.3.10) with exactly these entries. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const { name, content, claims = {} } of entries) {
    const plain = Buffer.from(content as string)
    const packed = deflateRawSync(plain)
    const path = Buffer.from(name, 'utf8')
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(claims.flags ?? 0x0800, 2)
    fields.writeUInt16LE(claims.method ?? 8, 4)
    fields.writeUInt32LE((claims.crc32 ?? crc32(plain)) >>> 0, 10)
    fields.writeUInt32LE(claims.packed ?? packed.length, 14)
    fields.writeUInt32LE(claims.bytes ?? plain.length, 18)
    fields.writeUInt16LE(path.length, 22)
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, path, packed])
    const end = Buffer.alloc(14)
    end.writeUInt32LE((claims.attributes ?? 0) >>> 0, 6)
    end.writeUInt32LE(claims.offset ?? offset, 10)
    const unix = Buffer.from([20, 3])
    central.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), unix, fields, end, path]))
    local.push(head)
    offset += head.length
  }
  const directory = Buffer.concat(central)
  const tail = Buffer.alloc(22)
  tail.write('PK\x05\x06', 0, 'latin1')
  tail.writeUInt16LE(entries.length, 8)
  tail.writeUInt16LE(entries.length, 10)
  tail.writeUInt32LE(directory.length, 12)
  tail.writeUInt32LE(offset, 16)
  return Buffer.concat([...local, directory, tail])
}

export async function tarGz(
  entries: readonly {
    name: string
    content?: string
    type?: 'symlink'
    linkname?: string
    pax?: Record<string, string>
  }[],
): Promise<Buffer> {
  const packing = pack()
  for (const { name, content, ...header } of entries) packing.entry({ name, ...header }, content ?? '')
  packing.finalize()
  const pieces: Buffer[] = []
  for await (const piece of packing) pieces.push(piece as Buffer)
  return gzipSync(Buffer.concat(pieces))
}

/** A picture that nobody has to look at. */
export const picture = (name: string) => Buffer.from(`\x89PNG\r\n\x1a\n${name}`, 'latin1')

export interface Tweet {
  id: string
  text: string
  at?: string
  media?: string
  likes?: number
}

const tweetOf = ({ id, text, at = 'Wed Oct 10 20:19:24 +0000 2018', media, likes = 0 }: Tweet) => ({
  tweet: {
    edit_info: {
      initial: {
        editTweetIds: [id],
        editableUntil: '2018-10-10T21:19:24.000Z',
        editsRemaining: '5',
        isEditEligible: true,
      },
    },
    retweeted: false,
    source: '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
    entities: { hashtags: [], symbols: [], user_mentions: [], urls: [] },
    display_text_range: ['0', String(text.length)],
    favorite_count: String(likes),
    id_str: id,
    truncated: false,
    retweet_count: '0',
    id,
    created_at: at,
    favorited: false,
    full_text: media ? `${text} https://t.co/abc` : text,
    lang: 'en',
    ...(media
      ? {
          extended_entities: {
            media: [
              {
                media_url_https: `https://pbs.twimg.com/media/${media}`,
                url: 'https://t.co/abc',
                type: 'photo',
                id_str: '9',
              },
            ],
          },
        }
      : {}),
  },
})

export const tweetsJs = (tweets: readonly Tweet[]) =>
  `window.YTD.tweets.part0 = ${JSON.stringify(tweets.map(tweetOf), null, 2)}`

export const xArchive = (tweets: readonly Tweet[], more: readonly ZipEntry[] = []) =>
  zip([
    {
      name: 'data/account.js',
      content: `window.YTD.account.part0 = ${JSON.stringify([{ account: { username: 'MillbrookPD', accountId: '1', email: 'x@y.example' } }])}`,
    },
    { name: 'data/direct-messages.js', content: 'window.YTD.direct_messages.part0 = [ ]' },
    { name: 'data/tweets.js', content: tweetsJs(tweets) },
    ...tweets.flatMap(({ id, media }) =>
      media ? [{ name: `data/tweets_media/${id}-${media}`, content: picture(media) }] : [],
    ),
    ...more,
  ])

/** As Meta writes: every byte of UTF-8 as a character of its own, escaped. */
const metaJson = (value: unknown) =>
  JSON.stringify(
    value,
    (_, one) => (typeof one === 'string' ? Buffer.from(one, 'utf8').toString('latin1') : one),
    2,
  ).replace(/[\u0080-\u00ff]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)

const facebookFolder = "this_profile's_activity_across_facebook"

export const facebookExport = () =>
  zip([
    {
      name: `${facebookFolder}/posts/profile_posts_1.json`,
      content: metaJson([
        {
          timestamp: 1549050000,
          data: [{ post: 'It’s “Coffee with a Cop” day ☕' }, { update_timestamp: 1549050000 }],
          title: 'Millbrook Police updated their status.',
        },
        {
          timestamp: 1549060000,
          attachments: [
            {
              data: [
                {
                  media: {
                    uri: `${facebookFolder}/posts/media/MobileUploads_1/p1.jpg`,
                    creation_timestamp: 1549059990,
                    media_metadata: { photo_metadata: { exif_data: [{ upload_ip: '192.0.2.7' }] } },
                    title: 'Mobile uploads',
                    description: 'Our new cruiser',
                  },
                },
              ],
            },
          ],
          data: [],
        },
        { data: 'nothing a post has' },
      ]),
    },
    { name: `${facebookFolder}/posts/media/MobileUploads_1/p1.jpg`, content: picture('p1') },
    {
      name: `${facebookFolder}/comments_and_reactions/comments.json`,
      content: metaJson({
        comments_v2: [
          {
            timestamp: 1549070000,
            data: [
              { comment: { timestamp: 1549070000, comment: 'Thank you, José!', author: 'Millbrook Police' } },
            ],
            title: "Millbrook Police replied to José's comment.",
          },
        ],
      }),
    },
    { name: `${facebookFolder}/messages/inbox/a_1/message_1.json`, content: '{"participants":[]}' },
  ])

export const instagramExport = () =>
  zip([
    {
      name: 'your_instagram_activity/content/posts_1.json',
      content: metaJson([
        {
          media: [
            { uri: 'media/posts/202101/17900_n_1.jpg', creation_timestamp: 1610000000, title: 'Snow day ❄' },
          ],
        },
        {
          media: [
            { uri: 'media/posts/202102/17901_n_2.jpg', creation_timestamp: 1612000000, title: '' },
            { uri: 'media/posts/202102/17902_n_3.jpg', creation_timestamp: 1612000000, title: '' },
          ],
          title: 'Two from the parade',
          creation_timestamp: 1612000001,
        },
      ]),
    },
    {
      name: 'your_instagram_activity/content/stories.json',
      content: metaJson({
        ig_stories: [{ uri: 'media/stories/202103/s1.jpg', creation_timestamp: 1615000000, title: '' }],
      }),
    },
    ...[
      'posts/202101/17900_n_1.jpg',
      'posts/202102/17901_n_2.jpg',
      'posts/202102/17902_n_3.jpg',
      'stories/202103/s1.jpg',
    ].map((name) => ({ name: `media/${name}`, content: picture(name) })),
    {
      name: 'your_instagram_activity/comments/post_comments_1.json',
      content: metaJson([
        {
          media_list_data: [{ uri: '' }],
          string_map_data: {
            Comment: { value: 'Congratulations!' },
            'Media Owner': { value: 'millbrookfd' },
            Time: { timestamp: 1616000000 },
          },
        },
      ]),
    },
  ])

/** As Takeout gives it; `captions` are those of its one film, as SubRip. */
export const youtubeExport = (captions?: string) => {
  const folder = 'Takeout/YouTube and YouTube Music'
  return zip([
    {
      name: `${folder}/video metadata/videos.csv`,
      content:
        'Video ID,Approx Duration (ms),Video Audio Language,Video Category,Video Description (Original),Channel ID,Video Title (Original),Privacy,Video State,Video Create Timestamp,Video Publish Timestamp\n' +
        'dQw4w9WgXcQ,61000,en,Nonprofits & Activism,"How to lock\na bike, well",UC1,"Lock it: bikes & ""trikes""",Public,Processed,2020-05-01T12:00:00+00:00,2020-05-02T12:00:00+00:00\n' +
        'aaaaaaaaaaa,1000,en,People,,UC1,Never shown,Private,Processed,2021-05-01T12:00:00+00:00,\n' +
        ',1000,en,People,,UC1,No id,Public,Processed,,\n',
    },
    { name: `${folder}/videos/Lock it_ bikes & _trikes_.mp4`, content: picture('film') },
    ...(captions ? [{ name: `${folder}/videos/Lock it_ bikes & _trikes_.en.srt`, content: captions }] : []),
    {
      name: `${folder}/comments/comments.csv`,
      content:
        'Comment ID,Channel ID,Comment Create Timestamp,Price,Parent Comment ID,Post ID,Video ID,Comment Text,Top-Level Comment ID\r\n' +
        'Ug1,UC1,2023-09-19T17:42:53.434647+00:00,0,,,dQw4w9WgXcQ,"{""text"":""Thanks, ""},{""text"":""@bea""}",\r\n' +
        'Ug2,UC1,2022-09-19T17:42:53+00:00,0,Ug1,,dQw4w9WgXcQ,"{""takeoutSegments"":[{""text"":""Old form""}]}",\r\n',
    },
    { name: `${folder}/history/watch-history.json`, content: '[]' },
  ])
}

const outbox = {
  '@context': ['https://www.w3.org/ns/activitystreams', { ostatus: 'http://ostatus.org#' }],
  id: 'outbox.json',
  type: 'OrderedCollection',
  totalItems: 4,
  orderedItems: [
    {
      id: 'https://social.example/users/mpd/statuses/1/activity',
      type: 'Create',
      actor: 'https://social.example/users/mpd',
      published: '2022-11-05T10:00:00Z',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      cc: ['https://social.example/users/mpd/followers'],
      object: {
        id: 'https://social.example/users/mpd/statuses/1',
        type: 'Note',
        summary: null,
        inReplyTo: null,
        published: '2022-11-05T10:00:00Z',
        url: 'https://social.example/@mpd/1',
        to: ['https://www.w3.org/ns/activitystreams#Public'],
        cc: [],
        content:
          '<p>Road closed &amp; dark.<br />Use <a href="https://x.example">Route 9</a></p><p>Thanks</p>',
        attachment: [
          {
            type: 'Document',
            mediaType: 'image/png',
            url: '/media_attachments/files/1/original/a.png',
            name: 'A fallen tree',
          },
        ],
      },
    },
    {
      id: 'https://social.example/users/mpd/statuses/2/activity',
      type: 'Announce',
      published: '2022-11-06T10:00:00Z',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      object: 'https://other.example/@fire/77',
    },
    {
      id: 'https://social.example/users/mpd/statuses/3/activity',
      type: 'Create',
      published: '2022-11-07T10:00:00Z',
      object: {
        id: 'https://social.example/users/mpd/statuses/3',
        type: 'Note',
        published: '2022-11-07T10:00:00Z',
        to: ['https://other.example/users/bea'],
        cc: [],
        content: '<p>Between us</p>',
      },
    },
    { id: 'https://social.example/x', type: 'Move', published: '2022-11-08T10:00:00Z', object: 'x' },
  ],
}
const mastodonFiles = [
  {
    name: 'actor.json',
    content: JSON.stringify({ id: 'https://social.example/users/mpd', preferredUsername: 'mpd' }),
  },
  { name: 'outbox.json', content: JSON.stringify(outbox) },
  { name: 'media_attachments/files/1/original/a.png', content: picture('a').toString('latin1') },
]
export const mastodonZip = () => zip(mastodonFiles)
export const mastodonTar = () => tarGz(mastodonFiles)

export const wxr = (items = '') => `<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Millbrook Police</title><link>https://mpd.example</link><wp:wxr_version>1.2</wp:wxr_version>
<item>
  <title><![CDATA[Winter parking ban]]></title><link>https://mpd.example/2015/12/ban/</link>
  <pubDate>Tue, 01 Dec 2015 15:00:00 +0000</pubDate><dc:creator><![CDATA[sgt.ito]]></dc:creator>
  <guid isPermaLink="false">https://mpd.example/?p=12</guid>
  <content:encoded><![CDATA[<!-- wp:paragraph --><p>No parking from <b>1 a.m.</b></p><img src="https://mpd.example/a.jpg" alt="A plow"/>]]></content:encoded>
  <wp:post_id>12</wp:post_id><wp:post_date_gmt><![CDATA[2015-12-01 15:00:00]]></wp:post_date_gmt>
  <wp:status><![CDATA[publish]]></wp:status><wp:post_type><![CDATA[post]]></wp:post_type>
  <wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author><![CDATA[Ann]]></wp:comment_author>
    <wp:comment_author_email>ann@private.example</wp:comment_author_email><wp:comment_author_IP>192.0.2.9</wp:comment_author_IP>
    <wp:comment_date_gmt><![CDATA[2015-12-02 08:00:00]]></wp:comment_date_gmt>
    <wp:comment_content><![CDATA[Which streets?]]></wp:comment_content><wp:comment_approved>1</wp:comment_approved>
    <wp:comment_parent>0</wp:comment_parent></wp:comment>
</item>
<item><title>Draft</title><wp:post_id>13</wp:post_id><wp:status>draft</wp:status><wp:post_type>post</wp:post_type></item>
${items}
</channel></rss>`

export const rss = `<?xml version="1.0" encoding="ISO-8859-1"?>
<rss version="2.0"><channel><title>News</title>
<item><title>Caf\u00e9 break-in</title><link>https://mpd.example/n/1</link><guid>n1</guid>
<pubDate>Mon, 04 Mar 2013 09:00:00 GMT</pubDate><description>&lt;p&gt;Call &lt;b&gt;555-0100&lt;/b&gt;&lt;/p&gt;</description>
<enclosure url="https://mpd.example/a.mp3" length="1" type="audio/mpeg"/></item>
<item><title>Nothing to know it by</title></item></channel></rss>`

export const atom = `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><id>tag:mpd.example,2014:1</id><title>Lost dog</title><published>2014-06-01T10:00:00Z</published>
<link rel="alternate" href="https://mpd.example/dog"/><author><name>Desk</name></author>
<content type="html">&lt;p&gt;A beagle&lt;/p&gt;</content></entry></feed>`

function warcRecord(
  type: string,
  address: string,
  contentType: string,
  body: string,
  date = '2020-02-02T02:02:02Z',
) {
  return Buffer.from(
    `WARC/1.0\r\nWARC-Type: ${type}\r\nWARC-Target-URI: ${address}\r\nWARC-Date: ${date}\r\nWARC-Record-ID: <urn:uuid:${createHash('md5').update(address).digest('hex')}>\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}\r\n\r\n`,
  )
}
const http = (type: string, body: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const response = (address: string, content: string) =>
  warcRecord('response', address, 'application/http; msgtype=response', content)

export const warc = () =>
  Buffer.concat(
    [
      warcRecord('warcinfo', 'file:///x', 'application/warc-fields', 'software: Other/1.0'),
      response(
        'https://mpd.example/',
        http(
          'text/html; charset=utf-8',
          '<html><head><title>Police</title><style>p{}</style></head><body><h1>Curfew</h1><p>Ends today</p></body></html>',
        ),
      ),
      response('https://mpd.example/a.png', http('image/png', 'not really')),
      response('https://mpd.example/s.js', http('text/javascript', 'alert(1)')),
      response('https://mpd.example/old', http('text/html', 'moved', '301 Moved Permanently')),
    ].map((record) => gzipSync(record)),
  )

export const wacz = () =>
  zip([
    { name: 'archive/data.warc.gz', content: warc() },
    { name: 'datapackage.json', content: '{"profile":"data-package"}' },
    { name: 'indexes/index.cdx', content: '' },
  ])

interface Cid {
  toString(): string
}

/** The blocks of a repository, and what links to one of them. */
function blockStore() {
  const blocks: { cid: Cid; bytes: Uint8Array }[] = []
  const put = (value: unknown) => {
    const bytes = encode(value)
    const hash = createHash('sha256').update(bytes).digest()
    // A link as DAG-CBOR writes it (tag 42): version 1, DAG-CBOR, SHA-256 of 32 bytes.
    const cid = decode<Cid>(Buffer.from([0xd8, 0x2a, 0x58, 0x25, 0x00, 0x01, 0x71, 0x12, 0x20, ...hash]))
    blocks.push({ cid, bytes })
    return cid
  }
  const commit = (data: Cid) =>
    put({ did: 'did:plc:millbrook', version: 3, data, rev: '3l', prev: null, sig: new Uint8Array(64) })
  return { blocks, put, commit }
}

async function car(root: Cid, blocks: readonly { cid: Cid; bytes: Uint8Array }[]): Promise<Buffer> {
  const { writer, out } = CarWriter.create([root as never])
  const pieces: Uint8Array[] = []
  const reading = (async () => {
    for await (const piece of out) pieces.push(piece)
  })()
  for (const block of blocks) await writer.put(block as never)
  await writer.close()
  await reading
  return Buffer.concat(pieces)
}

/** An account's repository with these posts, and one like: a Merkle search tree of one node. */
export async function repository(
  posts: readonly { key: string; text: string }[],
  { changed = false } = {},
): Promise<Buffer> {
  const { blocks, put, commit } = blockStore()
  const records = [
    ...posts.map(({ key, text }) => ({
      key: `app.bsky.feed.post/${key}`,
      value: { $type: 'app.bsky.feed.post', text, createdAt: '2024-02-03T04:05:06.000Z', langs: ['en'] },
    })),
    {
      key: 'app.bsky.feed.like/3k2a',
      value: { $type: 'app.bsky.feed.like', createdAt: '2024-01-01T00:00:00Z' },
    },
  ].sort((a, b) => (a.key < b.key ? -1 : 1))
  let before = ''
  const e = records.map(({ key, value }) => {
    let p = 0
    while (p < before.length && before[p] === key[p]) p++
    before = key
    return { p, k: Buffer.from(key.slice(p)), v: put(value), t: null }
  })
  const root = commit(put({ l: null, e }))
  const [first] = blocks
  if (changed && first) first.bytes[first.bytes.length - 1] = (first.bytes.at(-1) ?? 0) ^ 1
  return car(root, blocks)
}

/** A repository that was made to do harm. */
export async function brokenRepository(fault: 'repeats' | 'nests' | 'no-tree'): Promise<Buffer> {
  const { blocks, put, commit } = blockStore()
  let nested: unknown = 'end'
  for (let n = 0; n < 300; n++) nested = [nested]
  const entry = (key: string, value: unknown) => ({
    p: 0,
    k: Buffer.from(key),
    v: put(value),
    t: null as Cid | null,
  })
  const leaf = put({ l: null, e: [entry('app.bsky.feed.post/1', fault === 'nests' ? { nested } : {})] })
  const trees = {
    repeats: () => put({ l: leaf, e: [{ ...entry('app.bsky.feed.post/2', {}), t: leaf }] }),
    nests: () => leaf,
    'no-tree': () => put({ l: null, e: [{ p: 'x' }] }),
  }
  return car(commit(trees[fault]()), blocks)
}
