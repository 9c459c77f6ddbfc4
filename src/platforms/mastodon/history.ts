import { z } from 'zod'
import {
  type Index,
  indexOf,
  jsonPart,
  mediaElsewhere,
  mediaFrom,
  moment,
  restOf,
  shaped,
  type Understood,
} from '../archives/reading.ts'
import { beginningOf, smallText } from '../archives/streams.ts'
import { textOfHtml } from '../archives/text-of-html.ts'
import type { ExportFiles, HistoryReader } from '../history.ts'

/**
 * The archive that a Mastodon account asks for: `outbox.json`, an ActivityStreams collection, with `actor.json`
 * and `media_attachments/` beside it; a ZIP file since 4.1, a tar.gz before. The outbox alone will do.
 */
export const mastodonHistory: HistoryReader = {
  kind: 'mastodon',
  title: 'Mastodon archive',
  version: 1,
  async recognise(files) {
    const outbox =
      files.all.find(({ path }) => /(^|\/)outbox\.json$/.test(path)) ??
      (files.all.length === 1 ? files.all[0] : undefined)
    if (!outbox) return null
    const head = (await beginningOf(outbox, 20_000)).toString('utf8')
    if (!/^\uFEFF?\s*\{/.test(head) || !head.includes('activitystreams') || !head.includes('orderedItems'))
      return null
    const folder = outbox.path.replace(/[^/]*$/, '')
    const index = indexOf(files)
    const parts = [
      jsonPart(outbox, ({ list, value }) =>
        list === 'orderedItems' ? activity(value, folder, index) : null,
      ),
    ]
    const account = await accountOf(files, folder)
    return {
      what: `Mastodon archive${account ? ` of ${account}` : ''}`,
      parts,
      rest: restOf(files, parts, [
        [/(likes|bookmarks)\.json$/, 'What the account liked was written by others.'],
      ]),
    }
  },
}

async function accountOf(files: ExportFiles, folder: string): Promise<string | null> {
  const file = files.all.find(({ path }) => path === `${folder}actor.json`)
  if (!file) return null
  try {
    const actor = JSON.parse(await smallText(file))
    return typeof actor?.preferredUsername === 'string' && typeof actor.id === 'string'
      ? `@${actor.preferredUsername}@${new URL(actor.id).host}`
      : null
  } catch {
    // Only the name shown is lost by this; the posts stand in the outbox.
    return null
  }
}

const common = { id: z.string().min(1), published: z.string() }
const noteShape = z.looseObject({
  id: z.string().min(1),
  type: z.string(),
  published: z.string(),
  updated: z.string().nullish(),
  url: z.string().nullish(),
  summary: z.string().nullish(),
  content: z.string().nullish(),
  inReplyTo: z.string().nullish(),
  to: z.array(z.string()).optional(),
  cc: z.array(z.string()).optional(),
  attachment: z
    .array(z.looseObject({ url: z.string(), mediaType: z.string().nullish(), name: z.string().nullish() }))
    .optional(),
})
const activityShape = z.discriminatedUnion('type', [
  z.looseObject({ ...common, type: z.literal('Create'), object: noteShape }),
  z.looseObject({
    ...common,
    type: z.literal('Announce'),
    object: z.union([z.string(), z.looseObject({ id: z.string() })]),
  }),
])

const publicly = 'https://www.w3.org/ns/activitystreams#Public'

function activity(value: unknown, folder: string, index: Index): Understood {
  return shaped(activityShape, value, (activity): Understood => {
    if (activity.type === 'Announce') {
      const shared = typeof activity.object === 'string' ? activity.object : activity.object.id
      return {
        kind: 'post',
        remoteId: activity.id,
        postedAt: moment(activity.published),
        title: 'Shared',
        text: shared,
        media: [],
        original: activity,
      }
    }
    const note = activity.object
    const readers = [...(note.to ?? []), ...(note.cc ?? [])]
    const toFollowers = readers.some((reader) => reader.endsWith('/followers'))
    if (!readers.includes(publicly) && !toFollowers) return 'Private messages are not taken over.'
    return {
      kind: 'post',
      remoteId: note.id,
      url: note.url ?? undefined,
      postedAt: moment(note.published),
      title: note.summary || undefined,
      text: textOfHtml(note.content ?? '').text,
      inReplyTo: note.inReplyTo ?? undefined,
      state: readers.includes(publicly) ? undefined : 'followers only',
      media: (note.attachment ?? []).map(({ url, mediaType, name }) => {
        const path = folder + url.replace(/^\//, '')
        const media = index.has(path) ? mediaFrom(index, path, name) : mediaElsewhere(url, name)
        return { ...media, mediaType: mediaType ?? media.mediaType }
      }),
      original: note,
    }
  })
}
