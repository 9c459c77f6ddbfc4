import { z } from 'zod'
import { found, moment, shaped, type Understood } from '../archives/reading.ts'
import type { HistoryReader } from '../history.ts'
import { openRepository } from './car.ts'

/**
 * A Bluesky account's repository, as its settings hand it out ("Export my data"): one CAR file. Pictures and films
 * are not in it.
 */
export const blueskyHistory: HistoryReader = {
  kind: 'bluesky',
  title: 'Bluesky repository (CAR)',
  version: 1,
  async recognise(files) {
    const [file] = files.all
    if (!file?.place || files.all.length > 1) return null
    const repository = await openRepository(file.place, file.path)
    if (!repository) return null
    return {
      what: `Bluesky repository of ${repository.did}`,
      parts: [
        {
          file: file.path,
          async *read() {
            const others = new Map<string, number>()
            for await (const record of repository.records()) {
              const uri = `at://${repository.did}/${record.collection}/${record.key}`
              if (record.collection === 'app.bsky.feed.post')
                yield* found(postOf(record.value, uri, record.cid), file.path, uri)
              else others.set(record.collection, (others.get(record.collection) ?? 0) + 1)
            }
            for (const [collection, count] of [...others].sort())
              yield {
                remark: {
                  file: file.path,
                  at: `${count.toLocaleString('en-US')} records of ${collection}`,
                  because: 'Likes, follows and settings are no posts.',
                },
              }
          },
        },
      ],
      rest: [],
    }
  },
}

const blob = z.looseObject({ mimeType: z.string().optional(), size: z.number().optional(), ref: z.unknown() })
const postShape = z.looseObject({
  text: z.string(),
  createdAt: z.string(),
  reply: z.looseObject({ parent: z.looseObject({ uri: z.string() }) }).optional(),
  embed: z
    .looseObject({
      images: z.array(z.looseObject({ alt: z.string().optional(), image: blob })).optional(),
      video: blob.optional(),
      external: z.looseObject({ uri: z.string(), title: z.string().optional() }).optional(),
    })
    .optional(),
})

function postOf(value: unknown, uri: string, cid: string): Understood {
  return shaped(postShape, value, (post): Understood => {
    const [, , did, , key] = uri.split('/')
    const link = post.embed?.external
    return {
      kind: 'post',
      remoteId: uri,
      url: `https://bsky.app/profile/${did}/post/${key}`,
      postedAt: moment(post.createdAt),
      text: [post.text, link && `${link.title ?? ''} ${link.uri}`.trim()].filter(Boolean).join('\n\n'),
      inReplyTo: post.reply?.parent.uri,
      media: [
        ...(post.embed?.images ?? []).map(({ alt, image }) => ({
          name: String(image.ref),
          mediaType: image.mimeType ?? 'image/jpeg',
          ...(alt ? { alt } : {}),
          open: null,
        })),
        ...(post.embed?.video
          ? [
              {
                name: String(post.embed.video.ref),
                mediaType: post.embed.video.mimeType ?? 'video/mp4',
                open: null,
              },
            ]
          : []),
      ],
      original: { cid, ...plainJson(post) },
    }
  })
}

/** Links between blocks and bytes as DAG-JSON writes them. */
function plainJson(value: object): object {
  return JSON.parse(
    JSON.stringify(value, (_, one) =>
      one instanceof Uint8Array ? { $bytes: Buffer.from(one).toString('base64') } : one,
    ),
  )
}
