import { z } from 'zod'
import { jsonElements } from '../archives/json-elements.ts'
import {
  type Index,
  indexOf,
  inOrder,
  jsonPart,
  mediaElsewhere,
  mediaFrom,
  moment,
  restOf,
  shaped,
} from '../archives/reading.ts'
import { beginningOf } from '../archives/streams.ts'
import type { ExportFile, ExportFiles, HistoryItem, HistoryMedia, HistoryReader } from '../history.ts'

/**
 * The archive that X (Twitter) sends when an account asks for its data. Every file in `data/` is a script that
 * assigns a list: `window.YTD.tweets.part0 = [ { "tweet": … } ]`. Large lists go on in `tweets-part1.js`.
 */
export const xHistory: HistoryReader = {
  kind: 'x',
  title: 'X (Twitter) archive',
  version: 1,
  async recognise(files) {
    const index = indexOf(files)
    const tweets = await genuine(named(files, /(^|\/)data\/tweets?(-part\d+)?\.js$/))
    if (tweets.length === 0) return null
    const handle = await handleOf(files)
    const deleted = named(files, /(^|\/)data\/deleted-tweets?(-part\d+)?\.js$/)
    const notes = named(files, /(^|\/)data\/note-tweet(-part\d+)?\.js$/)
    const community = named(files, /(^|\/)data\/community-tweet(-part\d+)?\.js$/)
    const parts = [
      ...[...tweets, ...community].map((file) =>
        jsonPart(file, ({ value }) =>
          shaped(wrapped, value, ({ tweet }) => itemOf(tweet, file, index, handle)),
        ),
      ),
      ...deleted.map((file) =>
        jsonPart(file, ({ value }) =>
          shaped(wrapped, value, ({ tweet }) => ({
            ...itemOf(tweet, file, index, handle),
            state: 'deleted',
          })),
        ),
      ),
      ...notes.map((file) => jsonPart(file, ({ value }) => shaped(note, value, noteOf))),
    ]
    return {
      what: `X (Twitter) archive${handle ? ` of @${handle}` : ''}`,
      parts,
      rest: restOf(files, parts, [
        [/direct-message/, 'Private messages are not taken over.'],
        [/\/data\/(like|bookmark)s?(-part\d+)?\.js$/, 'What the account liked was written by others.'],
      ]),
    }
  },
}

const named = (files: ExportFiles, pattern: RegExp) =>
  inOrder(files.all.filter(({ path }) => pattern.test(path)))

async function genuine(files: ExportFile[]): Promise<ExportFile[]> {
  const first = files[0]
  if (!first) return []
  const head = (await beginningOf(first, 200)).toString('utf8')
  return /^\s*(window\.)?YTD\.tweets?\.part0\s*=/.test(head) ? files : []
}

async function handleOf(files: ExportFiles): Promise<string | null> {
  const file = files.all.find(({ path }) => /(^|\/)data\/account\.js$/.test(path))
  if (!file) return null
  for await (const { value } of jsonElements(await file.open(), file.path)) {
    const read = z.object({ account: z.object({ username: z.string() }) }).safeParse(value)
    if (read.success) return read.data.account.username
  }
  return null
}

const url = z.object({ url: z.string(), expanded_url: z.string().optional() })
const media = z.object({
  media_url_https: z.string(),
  url: z.string().optional(),
  ext_alt_text: z.string().nullish(),
  video_info: z
    .object({ variants: z.array(z.object({ url: z.string(), bitrate: z.coerce.number().optional() })) })
    .optional(),
})
const tweetShape = z.looseObject({
  id_str: z.string().min(1),
  created_at: z.string(),
  full_text: z.string(),
  in_reply_to_status_id_str: z.string().nullish(),
  entities: z.object({ urls: z.array(url).optional(), media: z.array(media).optional() }).optional(),
  extended_entities: z.object({ media: z.array(media).optional() }).optional(),
})
type Tweet = z.output<typeof tweetShape>
const wrapped = z.object({ tweet: tweetShape })
const note = z.object({
  noteTweet: z.looseObject({
    noteTweetId: z.string().min(1),
    createdAt: z.string(),
    core: z.looseObject({ text: z.string() }),
  }),
})

function itemOf(tweet: Tweet, file: ExportFile, index: Index, handle: string | null): HistoryItem {
  const attached = tweet.extended_entities?.media ?? tweet.entities?.media ?? []
  return {
    kind: 'post',
    remoteId: tweet.id_str,
    url: `https://x.com/${handle ?? 'i/web'}/status/${tweet.id_str}`,
    postedAt: moment(tweet.created_at),
    text: readable(tweet, attached),
    inReplyTo: tweet.in_reply_to_status_id_str ?? undefined,
    media: attached.map((one) => mediaOf(one, tweet.id_str, file, index)),
    original: tweet,
  }
}

/** The words as readers saw them: links written out, media's own links gone, HTML's three escapes undone. */
function readable(tweet: Tweet, attached: readonly z.output<typeof media>[]): string {
  let text = tweet.full_text
  for (const { url, expanded_url } of tweet.entities?.urls ?? [])
    if (expanded_url) text = text.replaceAll(url, expanded_url)
  for (const { url } of attached) if (url) text = text.replaceAll(url, '')
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&').trim()
}

/** `tweets_media/` holds each file as `<tweet>-<name in its address>`; of a film, the best of its variants. */
function mediaOf(one: z.output<typeof media>, tweet: string, file: ExportFile, index: Index): HistoryMedia {
  const variants = (one.video_info?.variants ?? []).toSorted((a, b) => (b.bitrate ?? 0) - (a.bitrate ?? 0))
  const addresses = variants.length ? variants.map(({ url }) => url) : [one.media_url_https]
  const folder = file.path.replace(/[^/]*$/, '')
  for (const address of addresses)
    for (const kind of ['tweets_media', 'tweet_media', 'community_tweet_media', 'deleted_tweets_media']) {
      const path = `${folder}${kind}/${tweet}-${lastOf(address)}`
      if (index.has(path)) return mediaFrom(index, path, one.ext_alt_text)
    }
  return mediaElsewhere(addresses[0] as string, one.ext_alt_text)
}

const lastOf = (address: string) => address.split('?')[0]?.split('/').at(-1) ?? ''

/** The whole text of a post of more than 280 characters. It has an id of its own, which names no post. */
function noteOf({ noteTweet }: z.output<typeof note>): HistoryItem {
  return {
    kind: 'post',
    remoteId: `note:${noteTweet.noteTweetId}`,
    postedAt: moment(noteTweet.createdAt),
    text: noteTweet.core.text,
    title: 'Full text of a long post',
    media: [],
    original: noteTweet,
  }
}
