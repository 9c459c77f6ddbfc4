import { sql } from 'kysely'
import { commentById, hideComment, keepComment } from '../src/comments/comments.ts'
import { removable } from '../src/demo/comments.ts'
import { posts } from '../src/demo/posts.ts'
import { newId } from '../src/storage/ids.ts'
import type { Ground } from './ground.ts'
import { median, ms, type Row, timed, timedRuns } from './row.ts'
import { done, townOf } from './town.ts'

/** One click of a person, with everything that is stored and recorded for it; the platform is our own page. */
export const actions: Row = {
  name: 'actions',
  async measure({ installation, quick }: Ground) {
    const { db } = installation
    const times = quick ? 10 : 60
    const town = await townOf(installation)
    const commits = await timedRuns(times, () =>
      db.transaction().execute(async (tx) => {
        await sql`insert into record_to_log (record_id, commitment)
          select id, sha256(salt) from record where false`.execute(tx)
        await tx
          .insertInto('own_profile')
          .values({ page: town.page.id, display_name: newId(), description: '' })
          .onConflict((there) => there.column('page').doUpdateSet({ display_name: town.page.title }))
          .execute()
      }),
    )
    const publishing: number[] = []
    const hiding: number[] = []
    const keeping: number[] = []
    for (let n = 0; n < times; n++) {
      const post = await town.approvedPost(`${posts[n % posts.length]?.text} (${n + 1})`)
      let publication = ''
      publishing.push(
        await timed(async () => {
          publication = await town.publishPost(post)
        }),
      )
      const { text } = removable.find(({ why }) => why === 'spam') as { text: string }
      const [bad, good] = [
        await town.comment(publication, text),
        await town.comment(publication, 'Thank you!'),
      ]
      const seen = { revision: (await commentById(db, bad))?.revision ?? 0 }
      hiding.push(
        await timed(async () => {
          const answer = await hideComment(installation, town.moderator, bad, {
            ...seen,
            reason: 'off-topic',
          })
          if (done(answer) !== 'hidden') throw new Error('The comment was not hidden.')
        }),
      )
      keeping.push(
        await timed(async () => {
          done(await keepComment(installation, town.moderator, good, seen))
        }),
      )
    }
    const reference = `commit of one row: ${ms(median(commits))}`
    const line = (what: string, samples: readonly number[]) => ({
      what,
      measured: `${ms(median(samples))} at the median`,
      target: '≤ 15 ms',
      reference,
      met: median(samples) <= 15,
    })
    return [
      line('publishing one post to the own page, from the click to the page', publishing),
      line('hiding one comment', hiding),
      line('keeping one comment', keeping),
    ]
  },
}
