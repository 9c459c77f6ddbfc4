import { z } from 'zod'
import { allRepaired } from '../archives/mojibake.ts'
import {
  type Index,
  indexOf,
  inOrder,
  jsonPart,
  knownBy,
  mediaNear,
  moment,
  restOf,
  shaped,
} from '../archives/reading.ts'
import { beginningOf } from '../archives/streams.ts'
import type { ExportFile, HistoryItem, HistoryReader } from '../history.ts'

const postFile = /(^|\/)(content|media)\/(posts_\d+|archived_posts|reels|igtv_videos|stories)\.json$/
const commentFile = /(^|\/)comments\/(post_comments(_\d+)?|reels_comments)\.json$/

/**
 * Instagram's "download your information", as JSON: `your_instagram_activity/content/posts_1.json` (`media/` in
 * newer ones, without the first folder in older ones). Entries have no ids; the names of their files, which
 * Instagram chooses once, stand for them.
 */
export const instagramHistory: HistoryReader = {
  kind: 'instagram',
  title: 'Instagram export (JSON)',
  version: 1,
  async recognise(files) {
    const index = indexOf(files)
    const posts = inOrder(files.all.filter(({ path }) => postFile.test(path)))
    const comments = inOrder(files.all.filter(({ path }) => commentFile.test(path)))
    if (!(await isInstagram([...posts, ...comments]))) return null
    const parts = [
      ...posts.map((file) => {
        const state = /\/(stories|archived_posts)\.json$/.exec(`/${file.path}`)?.[1]
        return jsonPart(file, ({ value }) =>
          shaped(entryShape, allRepaired(value), (entry) => postOf(entry, state, file, index)),
        )
      }),
      ...comments.map((file) =>
        jsonPart(file, ({ value }) => shaped(commentShape, allRepaired(value), commentOf)),
      ),
    ]
    return {
      what: 'Instagram export',
      parts,
      rest: restOf(files, parts, [[/(^|\/)messages\//, 'Private messages are not taken over.']]),
    }
  },
}

async function isInstagram(files: ExportFile[]): Promise<boolean> {
  for (const file of files) {
    const head = (await beginningOf(file, 64_000)).toString('latin1')
    if (head.includes('"creation_timestamp"') || head.includes('"string_map_data"')) return true
  }
  return false
}

const mediaShape = z.looseObject({
  uri: z.string().min(1),
  creation_timestamp: z.number().optional(),
  title: z.string().optional(),
})
/** A post of one picture has its words and time at the picture. Stories are pictures alone. */
const entryShape = z.union([
  z.looseObject({
    media: z.array(mediaShape).min(1),
    title: z.string().optional(),
    creation_timestamp: z.number().optional(),
  }),
  mediaShape,
])
const commentShape = z.looseObject({
  string_map_data: z.looseObject({
    Comment: z.looseObject({ value: z.string() }),
    'Media Owner': z.looseObject({ value: z.string() }).optional(),
    Time: z.looseObject({ timestamp: z.number() }),
  }),
})

function postOf(
  entry: z.output<typeof entryShape>,
  state: string | undefined,
  file: ExportFile,
  index: Index,
): HistoryItem {
  const media = 'media' in entry ? (entry.media as z.output<typeof mediaShape>[]) : [mediaShape.parse(entry)]
  const [first] = media
  const at = entry.creation_timestamp ?? first?.creation_timestamp
  return {
    kind: 'post',
    remoteId: `${at ?? 0}:${first?.uri.split('/').at(-1)}`,
    postedAt: moment(at),
    text: entry.title || first?.title || '',
    state: state === 'stories' ? 'story' : state === 'archived_posts' ? 'archived' : undefined,
    media: media.map(({ uri }) => mediaNear(index, file, uri)),
    original: entry,
  }
}

function commentOf({ string_map_data: data }: z.output<typeof commentShape>): HistoryItem {
  const owner = data['Media Owner']?.value
  return {
    kind: 'comment',
    remoteId: knownBy('comment', data.Time.timestamp, [owner ?? '', data.Comment.value]),
    postedAt: moment(data.Time.timestamp),
    title: owner ? `On a post of ${owner}` : undefined,
    text: data.Comment.value,
    media: [],
    original: data,
  }
}
