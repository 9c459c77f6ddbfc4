import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import * as exports from '../../test/exports.ts'
import { limitsOf, openExport, recognise } from './histories.ts'
import { ExportRefused, type Found, type HistoryItem } from './history.ts'

const folder = await mkdtemp(path.join(tmpdir(), 'plainview-exports-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const small = {
  ...limitsOf({ file: 4, total: 200 }),
  files: 50,
  fileBytes: 3_000_000,
  totalBytes: 6_000_000,
  ratioFrom: 100_000,
}

let count = 0
async function place(content: string | Uint8Array) {
  const file = path.join(folder, String(++count))
  await writeFile(file, content)
  return file
}

/** Everything that an export holds, as a reader finds it. */
async function read(content: string | Uint8Array | { place: string }, name = 'export', limits = small) {
  const at = content instanceof Object && 'place' in content ? content.place : await place(content)
  const files = await openExport(at, { name, scratch: `${at}-unpacked`, limits })
  try {
    const { reader, found } = await recognise(files)
    const all: Found[] = []
    const media: Record<string, string | null> = {}
    for (const part of found.parts)
      for await (const one of part.read()) {
        all.push(one)
        if ('item' in one)
          for (const { name, open } of one.item.media) {
            const pieces: Uint8Array[] = []
            if (open) for await (const piece of await open()) pieces.push(piece)
            media[name] = open ? Buffer.concat(pieces).toString('latin1') : null
          }
      }
    return {
      kind: reader.kind,
      what: found.what,
      items: all.flatMap((one) => ('item' in one ? [one.item] : [])),
      remarks: [
        ...all.flatMap((one) => ('remark' in one ? [one.remark] : [])),
        ...found.rest,
        ...files.remarks,
      ],
      media,
    }
  } finally {
    await files.close()
  }
}

const brief = (items: readonly HistoryItem[]) =>
  items.map(({ remoteId, postedAt, text }) => [remoteId, postedAt?.toISOString().slice(0, 16) ?? null, text])

async function refusal(content: string | Uint8Array, limits = small): Promise<string> {
  const error = await read(content, 'export', limits).then(
    () => null,
    (error) => error,
  )
  expect(error).toBeInstanceOf(ExportRefused)
  return error.message
}

describe('what departments bring', () => {
  test('an archive of X: posts as readers saw them, with their pictures', async () => {
    const found = await read(
      exports.xArchive(
        [
          { id: '11', text: 'Fish &amp; chips &lt;tonight&gt;', likes: 3 },
          { id: '12', text: 'Snow', media: 'S1.jpg' },
        ],
        [
          {
            name: 'data/deleted-tweets.js',
            content: exports
              .tweetsJs([{ id: '9', text: 'Gone' }])
              .replace('tweets.part0', 'deleted_tweets.part0'),
          },
          {
            name: 'data/note-tweet.js',
            content:
              'window.YTD.note_tweet.part0 = [{"noteTweet":{"noteTweetId":"77","createdAt":"2024-01-01T00:00:00.000Z","core":{"text":"All of it"}}}]',
          },
        ],
      ),
    )
    expect(found.what).toBe('X (Twitter) archive of @MillbrookPD')
    expect(brief(found.items)).toEqual([
      ['11', '2018-10-10T20:19', 'Fish & chips <tonight>'],
      ['12', '2018-10-10T20:19', 'Snow'],
      ['9', '2018-10-10T20:19', 'Gone'],
      ['note:77', '2024-01-01T00:00', 'All of it'],
    ])
    expect(found.items[2]?.state).toBe('deleted')
    expect(found.items[0]?.url).toBe('https://x.com/MillbrookPD/status/11')
    expect(found.media).toEqual({
      'data/tweets_media/12-S1.jpg': exports.picture('S1.jpg').toString('latin1'),
    })
    expect(found.remarks).toContainEqual({
      file: 'data/direct-messages.js',
      at: '',
      because: 'Private messages are not taken over.',
    })
  })

  test('Facebook’s page information: its letters put right, its network addresses left behind', async () => {
    const found = await read(exports.facebookExport())
    expect(found.kind).toBe('facebook')
    expect(found.items.map(({ kind, text }) => [kind, text])).toEqual([
      ['post', 'It’s “Coffee with a Cop” day ☕'],
      ['post', 'Our new cruiser'],
      ['comment', 'Thank you, José!'],
    ])
    expect(Object.values(found.media)).toEqual([exports.picture('p1').toString('latin1')])
    expect(JSON.stringify(found.items)).not.toContain('192.0.2.7')
    expect(found.remarks.map(({ at, because }) => [at, because])).toEqual([
      ['entry 3', expect.stringMatching(/not in a form that is known: timestamp is missing/)],
      ['', 'Private messages are not taken over.'],
    ])
  })

  test('Instagram: posts of one picture and of several, stories, comments', async () => {
    const found = await read(exports.instagramExport())
    expect(brief(found.items)).toEqual([
      ['1610000000:17900_n_1.jpg', '2021-01-07T06:13', 'Snow day ❄'],
      ['1612000001:17901_n_2.jpg', '2021-01-30T09:46', 'Two from the parade'],
      ['1615000000:s1.jpg', '2021-03-06T03:06', ''],
      [expect.stringMatching(/^comment:1616000000:/), '2021-03-17T16:53', 'Congratulations!'],
    ])
    expect(found.items[2]?.state).toBe('story')
    expect(Object.keys(found.media)).toHaveLength(4)
  })

  test('YouTube by Takeout: films found by their titles, comments in both of Google’s forms', async () => {
    const found = await read(exports.youtubeExport())
    expect(found.items.map(({ remoteId, text, state }) => [remoteId, text, state])).toEqual([
      ['Ug1', 'Thanks, @bea', undefined],
      ['Ug2', 'Old form', undefined],
      ['dQw4w9WgXcQ', 'How to lock\na bike, well', undefined],
      ['aaaaaaaaaaa', '', 'private'],
    ])
    expect(found.media).toMatchObject({
      'Takeout/YouTube and YouTube Music/videos/Lock it_ bikes & _trikes_.mp4':
        expect.stringContaining('film'),
      'Never shown (film)': null,
    })
    expect(found.remarks.map(({ at, because }) => `${at} ${because}`)).toEqual([
      'line 5 The line names no video.',
      ' What the account watched or searched was not published.',
    ])
  })

  test.each([
    ['ZIP', exports.mastodonZip],
    ['tar.gz', exports.mastodonTar],
  ])('a Mastodon archive as %s: public posts and shares, no private messages', async (_, make) => {
    const found = await read(await make())
    expect(found.what).toBe('Mastodon archive of @mpd@social.example')
    expect(brief(found.items)).toEqual([
      [
        'https://social.example/users/mpd/statuses/1',
        '2022-11-05T10:00',
        'Road closed & dark.\nUse Route 9\n\nThanks',
      ],
      [
        'https://social.example/users/mpd/statuses/2/activity',
        '2022-11-06T10:00',
        'https://other.example/@fire/77',
      ],
    ])
    expect(found.items[0]?.media[0]?.alt).toBe('A fallen tree')
    expect(Object.values(found.media)[0]).toContain('PNG')
    expect(found.remarks.map(({ at, because }) => [at, because])).toEqual([
      ['entry 3 of orderedItems', 'Private messages are not taken over.'],
      ['entry 4 of orderedItems', expect.stringMatching(/type has an unknown value/)],
      ['', 'Nothing that was published stands in this file.'],
    ])
  })

  test('a Bluesky repository: posts from the tree, each checked against its hash', async () => {
    const car = await exports.repository([
      { key: '3kaa', text: 'Hello, Bluesky' },
      { key: '3kab', text: 'Bridge closed' },
    ])
    const found = await read(car)
    expect(found.what).toBe('Bluesky repository of did:plc:millbrook')
    expect(brief(found.items)).toEqual([
      ['at://did:plc:millbrook/app.bsky.feed.post/3kaa', '2024-02-03T04:05', 'Hello, Bluesky'],
      ['at://did:plc:millbrook/app.bsky.feed.post/3kab', '2024-02-03T04:05', 'Bridge closed'],
    ])
    expect(found.remarks).toEqual([
      {
        file: 'export',
        at: '1 records of app.bsky.feed.like',
        because: 'Likes, follows and settings are no posts.',
      },
    ])
    expect(
      await refusal(await exports.repository([{ key: '3kaa', text: 'Changed' }], { changed: true })),
    ).toMatch(/does not match its hash/)
    expect(await refusal(car.subarray(0, car.length - 40))).toMatch(/damaged|ends in the middle|incomplete/)
  })

  test('WordPress: posts with their comments, without the commenters’ addresses', async () => {
    const found = await read(exports.wxr())
    expect(found.items.map(({ kind, remoteId, text, author }) => [kind, remoteId, text, author])).toEqual([
      ['post', 'https://mpd.example/?p=12', 'No parking from 1 a.m.', 'sgt.ito'],
      ['comment', 'https://mpd.example/?p=12#comment-3', 'Which streets?', 'Ann'],
    ])
    expect(JSON.stringify(found.items)).not.toMatch(/private\.example|192\.0\.2\.9/)
    expect(found.remarks.map(({ because }) => because)).toEqual(['A draft was never published.'])
  })

  test('feeds in RSS, in another encoding, and in Atom', async () => {
    const rss = await read(Buffer.from(exports.rss, 'latin1'))
    expect(rss.items.map(({ title, text }) => [title, text])).toEqual([['Café break-in', 'Call 555-0100']])
    expect(rss.remarks.map(({ because }) => because)).toEqual(['The entry has neither an id nor an address.'])
    const atom = await read(exports.atom)
    expect(brief(atom.items)).toEqual([['tag:mpd.example,2014:1', '2014-06-01T10:00', 'A beagle']])
    expect((await read(gzipSync(exports.atom), 'feed.xml.gz')).items).toHaveLength(1)
  })

  test.each([
    ['WARC', exports.warc, 'feed.warc.gz'],
    ['WACZ', exports.wacz, 'x.wacz'],
  ])('a %s of another archiver: pages with their words, pictures; scripts counted', async (_, make, name) => {
    const found = await read(make(), name)
    expect(found.kind).toBe('web-archive')
    const [whole, ...captures] = found.items
    expect(whole?.title).toMatch(/^Web archive .*\.warc/)
    expect(found.media[whole?.remoteId ?? '']?.length).toBeGreaterThan(700)
    expect(captures.map(({ kind, url, title, text }) => [kind, url, title, text])).toEqual([
      ['capture', 'https://mpd.example/', 'Police', 'Curfew\n\nEnds today'],
      ['capture', 'https://mpd.example/a.png', undefined, ''],
    ])
    expect(found.media['https://mpd.example/']).toContain('<h1>Curfew</h1>')
    expect(found.media['https://mpd.example/a.png']).toBe('not really')
    expect(found.remarks.map(({ at }) => at)).toEqual([
      '1 captures: status 301',
      '1 captures: text/javascript',
    ])
  })

  test('an export that somebody unpacked into a folder, whatever the folder is called', async () => {
    const place = path.join(folder, 'unpacked export', 'twitter', 'data')
    await mkdir(place, { recursive: true })
    await writeFile(path.join(place, 'tweets.js'), exports.tweetsJs([{ id: '1', text: 'Hi' }]))
    await symlink('/etc/passwd', path.join(place, 'account.js'))
    const found = await read({ place: path.join(folder, 'unpacked export') })
    expect(brief(found.items)).toEqual([['1', '2018-10-10T20:19', 'Hi']])
    expect(found.remarks).toContainEqual(
      expect.objectContaining({ because: 'This is a link or a device, not a file.' }),
    )
  })
})

describe('what is refused, and why', () => {
  const tweets = { name: 'data/tweets.js', content: exports.tweetsJs([{ id: '1', text: 'Hi' }]) }
  const zeros = Buffer.alloc(2_000_000)

  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /empty/],
    ['something else', 'Dear Sir or Madam', /none of the exports that can be read/],
    [
      'pages in HTML',
      exports.zip([{ name: 'posts/your_posts_1.html', content: '<html>' }]),
      /as web pages.*JSON/,
    ],
    [
      'an export packed twice',
      exports.zip([{ name: 'export.zip', content: exports.xArchive([]) }]),
      /another packed file inside/,
    ],
    [
      'a bomb',
      exports.zip([tweets, { name: 'data/like.js', content: zeros }]),
      /more than a hundred times its size/,
    ],
    [
      'a bomb in gzip',
      gzipSync(Buffer.concat([Buffer.from('<rss>'), zeros])),
      /more than a hundred times its size/,
    ],
    [
      'a file larger than it may be',
      exports.zip([tweets, { name: 'data/x.js', content: 'x', claims: { bytes: 4_000_000_000 } }]),
      /more than a hundred times|one file may have/,
    ],
    [
      'more in all than it may be',
      exports.zip(
        [1, 2, 3].map((n) => ({
          name: `${n}.js`,
          content: 'x',
          claims: { method: 0, bytes: 2_500_000, packed: 2_500_000, offset: n * 3_000_000 },
        })),
      ),
      /unpacks to more than/,
    ],
    [
      'too many files',
      exports.zip(Array.from({ length: 51 }, (_, n) => ({ name: `${n}`, content: '' }))),
      /more than 50 files/,
    ],
    [
      'files that overlap',
      exports.zip([tweets, { ...tweets, name: 'data/like.js', claims: { offset: 10 } }]),
      /overlap each other/,
    ],
    [
      'a file that lies about its size',
      exports.zip([{ ...tweets, claims: { bytes: 20 } }]),
      /is damaged: too many bytes/,
    ],
    [
      'a file with a wrong checksum',
      exports.zip([{ ...tweets, claims: { crc32: 1 } }]),
      /does not match its checksum/,
    ],
    [
      'a path upwards',
      exports.zip([tweets, { name: '../../etc/cron.d/x', content: 'x' }]),
      /outside of its folder/,
    ],
    [
      'an absolute path',
      exports.zip([tweets, { name: '/etc/passwd', content: 'x' }]),
      /outside of its folder/,
    ],
    [
      'a path of Windows',
      exports.zip([tweets, { name: 'C:\\Windows\\x', content: 'x' }]),
      /outside of its folder/,
    ],
    [
      'backslashes upwards',
      exports.zip([tweets, { name: '..\\..\\x', content: 'x' }]),
      /outside of its folder/,
    ],
    [
      'a name with NUL',
      exports.zip([tweets, { name: 'data/x\0.js', content: 'x' }]),
      /a name that no system allows/,
    ],
    [
      'a link',
      exports.zip([
        tweets,
        { name: 'data/link', content: '/etc/passwd', claims: { attributes: 0o120777 << 16 } },
      ]),
      /a link to another file/,
    ],
    ['one name twice', exports.zip([tweets, tweets]), /two files called “data\/tweets.js”/],
    ['a password', exports.zip([{ ...tweets, claims: { flags: 0x0801 } }]), /locked with a password/],
    ['an unknown method', exports.zip([{ ...tweets, claims: { method: 93 } }]), /packed by a method/],
    ['a ZIP cut off', exports.xArchive([]).subarray(0, 300), /cut off/],
    ['a gzip cut off', gzipSync(exports.rss).subarray(0, 200), /ends in the middle/],
    [
      'JSON cut off',
      exports.zip([{ ...tweets, content: tweets.content.slice(0, -30) }]),
      /ends in the middle/,
    ],
    [
      'JSON that is none',
      exports.zip([{ ...tweets, content: 'window.YTD.tweets.part0 = [ {"a": nope } ]' }]),
      /not well-formed JSON/,
    ],
    [
      'JSON nested without end',
      exports.zip([{ ...tweets, content: `window.YTD.tweets.part0 = ${'[{"a":'.repeat(4000)}` }]),
      /levels deep/,
    ],
    [
      'XML with entities that grow',
      `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><guid>&b;</guid></item></channel></rss>`,
      /entities of its own/,
    ],
    [
      'XML that reads this machine’s files',
      `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><guid>&x;</guid></item></channel></rss>`,
      /entities of its own/,
    ],
    [
      'XML with an unknown entity',
      '<rss><channel><item><guid>&x;</guid></item></channel></rss>',
      /not well-formed XML/,
    ],
    ['XML nested without end', `<rss>${'<a>'.repeat(500)}`, /levels deep/],
    ['XML cut off', exports.wxr().slice(0, -60), /not well-formed XML.*unclosed/],
    [
      'XML in no encoding',
      '<?xml version="1.0" encoding="martian"?><rss></rss>',
      /an encoding that nobody knows/,
    ],
    [
      'XML in another encoding than it says',
      Buffer.from('<?xml version="1.0" encoding="UTF-8"?><rss><channel>caf\xe9</channel></rss>', 'latin1'),
      /not in the encoding that it names/,
    ],
    ['a WARC cut off', exports.warc().subarray(0, 500), /damaged/],
  ])('%s', async (_, content, why) => {
    expect(await refusal(content)).toMatch(why)
  })

  test.each<[string, { name: string; content?: string; type?: 'symlink'; linkname?: string }, RegExp]>([
    ['a path upwards', { name: '../x', content: 'x' }, /outside of its folder/],
    ['an absolute path', { name: '/etc/x', content: 'x' }, /outside of its folder/],
    ['a link', { name: 'x', type: 'symlink', linkname: '/etc/passwd' }, /no ordinary file but a symlink/],
    ['one name twice', { name: 'outbox.json', content: '{}' }, /two files called “outbox.json”/],
    [
      'a file larger than it may be',
      { name: 'x.json', content: 'x'.repeat(3_000_001) },
      /more than a hundred times|one file may have/,
    ],
  ])('in a tar file: %s', async (_, entry, why) => {
    expect(await refusal(await exports.tarGz([{ name: 'outbox.json', content: '{}' }, entry]))).toMatch(why)
  })

  test.each<[string, Parameters<typeof exports.brokenRepository>[0], RegExp]>([
    ['shows a part of itself again and again', 'repeats', /keys are not in order/],
    ['nests without end', 'nests', /levels deep/],
    ['names what is no part of a tree', 'no-tree', /no part of the tree/],
  ])('a repository that %s', async (_, fault, why) => {
    expect(await refusal(await exports.brokenRepository(fault))).toMatch(why)
  })

  test('in a tar file: a name of many megabytes', async () => {
    const long = Array.from({ length: 9_000_000 }, (_, n) => ((n * 7919) % 89) + 33)
    const name = { name: 'x', pax: { comment: Buffer.from(long).toString('latin1') } }
    const tar = await exports.tarGz([{ name: 'outbox.json', content: '{}' }, name])
    expect(
      await refusal(tar, { ...small, fileBytes: 50_000_000, totalBytes: 50_000_000, ratio: 100_000 }),
    ).toMatch(/Header exceeds max size/)
  })

  test('a film that is too large is left out and named; the posts are taken', async () => {
    const film = Buffer.from(Array.from({ length: 3_100_000 }, (_, n) => (n * 7919) % 251))
    const found = await read(
      exports.xArchive([{ id: '1', text: 'Hi' }], [{ name: 'data/tweets_media/1-v.mp4', content: film }]),
      'x',
      {
        ...small,
        ratio: 100_000,
      },
    )
    expect(found.items).toHaveLength(1)
    expect(found.remarks).toContainEqual(
      expect.objectContaining({
        file: 'data/tweets_media/1-v.mp4',
        because: expect.stringMatching(/larger and was left out/),
      }),
    )
  })
})

describe('memory', () => {
  test('does not grow with the file: a list of 100 MB is read with a heap of 48 MB', () => {
    const module = new URL('./archives/json-elements.ts', import.meta.url).href
    const script = `
      const { jsonElements } = await import(${JSON.stringify(module)})
      const tweet = JSON.stringify({ tweet: { id_str: '1', full_text: 'x'.repeat(900) } })
      const chunk = Buffer.from(Array(100).fill(tweet).join(',') + ',')
      async function* stream() {
        yield Buffer.from('window.YTD.tweets.part0 = [')
        for (let sent = 0; sent < 100e6; sent += chunk.length) yield chunk
        yield Buffer.from(tweet + ']')
      }
      let count = 0, most = 0
      for await (const _ of jsonElements(stream(), 'tweets.js'))
        if (++count % 5000 === 0) most = Math.max(most, process.memoryUsage().arrayBuffers)
      console.log(count, most < 32e6)`
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--max-old-space-size=48', '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    )
    expect(`${stderr}${stdout}`).toMatch(/^\d{6} true\n$/)
  })
})
