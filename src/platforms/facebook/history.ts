import { z } from 'zod'
import { allRepaired } from '../archives/mojibake.ts'
import {
  type Index,
  indexOf,
  inOrder,
  jsonPart,
  knownBy,
  mediaElsewhere,
  mediaNear,
  moment,
  restOf,
  shaped,
} from '../archives/reading.ts'
import { beginningOf } from '../archives/streams.ts'
import type { ExportFile, HistoryItem, HistoryMedia, HistoryReader } from '../history.ts'

const postFile =
  /(^|\/)posts\/(profile_posts|page_posts|your_posts|your_posts__check_ins__photos_and_videos)(_\d+)?\.json$/
const photoFile = /(^|\/)posts\/((your_)?uncategorized_photos|unanchored|(your_)?videos|albums?\/\d+)\.json$/
const commentFile = /(^|\/)comments(_and_reactions)?\/comments\.json$/

/**
 * Facebook's "page information", as JSON: `this_profile's_activity_across_facebook/posts/profile_posts_1.json` for
 * pages, `your_facebook_activity/…` or `posts/your_posts_1.json` for profiles and older exports. Posts have no ids
 * in it, so each is known by its second and its words.
 */
export const facebookHistory: HistoryReader = {
  kind: 'facebook',
  title: 'Facebook page information (JSON)',
  version: 1,
  async recognise(files) {
    const index = indexOf(files)
    const posts = inOrder(files.all.filter(({ path }) => postFile.test(path)))
    const comments = inOrder(files.all.filter(({ path }) => commentFile.test(path)))
    if (!(await isFacebook([...posts, ...comments]))) return null
    const photos = inOrder(files.all.filter(({ path }) => photoFile.test(path)))
    const parts = [
      ...posts.map((file) =>
        jsonPart(file, ({ value }) =>
          shaped(postShape, allRepaired(value), (post) => postOf(post, file, index)),
        ),
      ),
      ...photos.map((file) =>
        jsonPart(file, ({ value }) =>
          shaped(mediaShape, allRepaired(value), (one) => photoOf(one, file, index)),
        ),
      ),
      ...comments.map((file) =>
        jsonPart(file, ({ value }) =>
          shaped(commentShape, allRepaired(value), (one) => commentOf(one, file, index)),
        ),
      ),
    ]
    return {
      what: 'Facebook page information',
      parts,
      rest: restOf(files, parts, [[/(^|\/)messages\//, 'Private messages are not taken over.']]),
    }
  },
}

/** Posts of Instagram have no `data`, and their comments no `comments_v2`. */
async function isFacebook(files: ExportFile[]): Promise<boolean> {
  for (const file of files) {
    const head = (await beginningOf(file, 64_000)).toString('latin1')
    if (/"(timestamp|comments_v2)"/.test(head) && !head.includes('"string_map_data"')) return true
  }
  return false
}

const mediaShape = z.looseObject({
  uri: z.string().min(1),
  creation_timestamp: z.number().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
})
const attachments = z
  .array(
    z.looseObject({
      data: z
        .array(
          z.looseObject({
            media: mediaShape.optional(),
            external_context: z
              .looseObject({ url: z.string().optional(), name: z.string().optional() })
              .optional(),
          }),
        )
        .optional(),
    }),
  )
  .optional()
const postShape = z.looseObject({
  timestamp: z.number(),
  title: z.string().optional(),
  data: z
    .array(z.looseObject({ post: z.string().optional(), update_timestamp: z.number().optional() }))
    .optional(),
  attachments,
})
const commentShape = z.looseObject({
  timestamp: z.number(),
  title: z.string().optional(),
  data: z
    .array(
      z.looseObject({
        comment: z.looseObject({ comment: z.string().optional(), author: z.string().optional() }).optional(),
      }),
    )
    .optional(),
  attachments,
})

function postOf(post: z.output<typeof postShape>, file: ExportFile, index: Index): HistoryItem {
  const media = attached(post.attachments)
  const words = (post.data ?? []).flatMap(({ post }) => post ?? [])
  const links = linksIn(post.attachments)
  const captions = media.map((one) => one.description ?? '').filter((text) => text && !words.includes(text))
  const text = [...words, ...captions, ...links].join('\n\n')
  return {
    kind: 'post',
    remoteId: knownBy('post', post.timestamp, [text, ...media.map(({ uri }) => nameOf(uri))]),
    postedAt: moment(post.timestamp),
    title: post.title,
    text,
    media: media.map((one) => fileOf(one, file, index)),
    original: post,
  }
}

function photoOf(one: z.output<typeof mediaShape>, file: ExportFile, index: Index): HistoryItem {
  return {
    kind: 'post',
    remoteId: knownBy('photo', one.creation_timestamp ?? 0, [nameOf(one.uri)]),
    postedAt: moment(one.creation_timestamp),
    title: one.title,
    text: one.description ?? '',
    state: 'in an album',
    media: [fileOf(one, file, index)],
    original: one,
  }
}

function commentOf(comment: z.output<typeof commentShape>, file: ExportFile, index: Index): HistoryItem {
  const text = (comment.data ?? []).flatMap(({ comment }) => comment?.comment ?? []).join('\n\n')
  const author = comment.data?.find(({ comment }) => comment?.author)?.comment?.author
  return {
    kind: 'comment',
    remoteId: knownBy('comment', comment.timestamp, [text]),
    postedAt: moment(comment.timestamp),
    title: comment.title,
    text: [text, ...linksIn(comment.attachments)].filter(Boolean).join('\n\n'),
    author,
    media: attached(comment.attachments).map((one) => fileOf(one, file, index)),
    original: comment,
  }
}

const attached = (list: z.output<typeof attachments>) =>
  (list ?? []).flatMap(({ data }) => (data ?? []).flatMap(({ media }) => media ?? []))

const linksIn = (list: z.output<typeof attachments>) =>
  (list ?? []).flatMap(({ data }) => (data ?? []).flatMap(({ external_context: link }) => link?.url ?? []))

const fileOf = (one: z.output<typeof mediaShape>, file: ExportFile, index: Index): HistoryMedia =>
  /^https?:/.test(one.uri) ? mediaElsewhere(one.uri, one.title) : mediaNear(index, file, one.uri, one.title)

const nameOf = (uri: string) => uri.split('/').at(-1) ?? uri
