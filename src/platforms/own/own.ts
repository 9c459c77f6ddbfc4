import type { Blobs } from '../../storage/blobs.ts'
import type { Db } from '../../storage/database.ts'
import type { PageId } from '../../storage/ids.ts'
import type { Outcome, OutgoingPost, Platform, PlatformAccount, Published } from '../contract.ts'

export interface OwnImage {
  blob: string
  media_type: string
  alt: string
  width: number
  height: number
}
interface PostTable {
  client_id: string
  page: PageId
  text: string
  link: string | null
  images: string
  version: number
  published_at: Date
  edited_at: Date | null
  deleted_at: Date | null
}

declare module '../../storage/database.ts' {
  interface Tables {
    own_post: PostTable
    own_profile: { page: PageId; display_name: string; description: string }
  }
}

/** The department's own page: public on this site, needs no account anywhere and works without the internet. */
export function ownPage({ db, blobs }: { db: Db; blobs: Blobs }): Platform {
  return {
    kind: 'own',
    title: 'Own page on this site',
    capabilities: {
      postLength: { max: 5000, unit: 'characters' },
      profileLength: { max: 5000, unit: 'characters' },
      images: { max: 10, maxBytes: 10_000_000, mediaTypes: ['image/jpeg', 'image/png', 'image/webp'] },
      edit: 'yes',
      delete: true,
      hideComments: true,
      comments: 'received',
      clientChosenId: true,
    },
    connectionFields: [],
    connect: async ({ page, address }) => done(accountOf(db, blobs, page as PageId, address)),
  }
}

const done = <Value>(value: Value): Outcome<Value> => ({ outcome: 'done', value })
const raw = (what: object) => ({
  raw: { mediaType: 'application/json', content: new TextEncoder().encode(JSON.stringify(what)) },
})

function accountOf(db: Db, blobs: Blobs, page: PageId, address: string): PlatformAccount {
  const published = (row: PostTable): Published => ({
    clientId: row.client_id,
    remoteId: row.client_id,
    version: String(row.version),
    url: `${address}/posts/${row.client_id}`,
    ...raw(row),
  })
  async function find(clientId: string): Promise<Published | null> {
    const row = await db
      .selectFrom('own_post')
      .selectAll()
      .where('client_id', '=', clientId)
      .where('page', '=', page)
      .where('deleted_at', 'is', null)
      .executeTakeFirst()
    return row ? published(row) : null
  }
  const there = async (clientId: string): Promise<Outcome<Published>> => {
    const found = await find(clientId)
    return found ? done(found) : { outcome: 'refused', because: 'This post is not on the page any more.' }
  }
  const keep = async ({ images, text, link }: OutgoingPost) => {
    const kept: OwnImage[] = []
    for (const { content, mediaType, alt, width, height } of images) {
      const blob = await blobs.put(content, mediaType)
      kept.push({ blob: blob.sha256, media_type: mediaType, alt, width, height })
    }
    return { text, link: link ?? null, images: JSON.stringify(kept) }
  }

  return {
    handle: address,
    async publish(post) {
      const made = await db
        .insertInto('own_post')
        .values({
          client_id: post.clientId,
          page,
          ...(await keep(post)),
          version: 1,
          published_at: post.createdAt,
          edited_at: null,
          deleted_at: null,
        })
        .onConflict((already) => already.column('client_id').doNothing())
        .returningAll()
        .executeTakeFirst()
      // Nothing was made where an earlier attempt had come through.
      return made ? done(published(made)) : there(post.clientId)
    },
    find: async (clientId) => done(await find(clientId)),
    async edit({ remoteId }, post) {
      const kept = await keep(post)
      await db
        .updateTable('own_post')
        .set((row) => ({ ...kept, version: row('version', '+', 1), edited_at: new Date() }))
        .where('client_id', '=', remoteId)
        .where('page', '=', page)
        .where('deleted_at', 'is', null)
        .execute()
      return there(remoteId)
    },
    async delete({ remoteId }) {
      await db
        .updateTable('own_post')
        .set({ deleted_at: new Date(), text: '', link: null, images: '[]' })
        .where('client_id', '=', remoteId)
        .where('page', '=', page)
        .where('deleted_at', 'is', null)
        .execute()
      return done({ remoteId, ...raw({ deleted: remoteId }) })
    },
    async readProfile() {
      const row = await db.selectFrom('own_profile').selectAll().where('page', '=', page).executeTakeFirst()
      const profile = { displayName: row?.display_name ?? '', description: row?.description ?? '' }
      return done({ ...profile, ...raw(profile) })
    },
    async writeProfile({ displayName, description }) {
      const row = { display_name: displayName, description }
      await db
        .insertInto('own_profile')
        .values({ page, ...row })
        .onConflict((already) => already.column('page').doUpdateSet(row))
        .execute()
      return done({ displayName, description, ...raw({ displayName, description }) })
    },
    // Visitors' comments come through this site itself, and what is hidden is hidden by what it shows.
    pollComments: async () => done([]),
    hideComment: async (remoteId) => done(raw({ hidden: remoteId })),
    showComment: async (remoteId) => done(raw({ shown: remoteId })),
  }
}
