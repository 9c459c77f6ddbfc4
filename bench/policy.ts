import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { conversation } from '../src/demo/conversation.ts'
import { posts } from '../src/demo/posts.ts'
import { whoIs } from '../src/department/department.ts'
import { newId } from '../src/storage/ids.ts'
import type { Ground } from './ground.ts'
import { count, median, ms, percentile, type Row, timed, timedRuns } from './row.ts'
import { townOf } from './town.ts'

/** What happens while somebody types: the text looked through, and one question to the rules. */
export const policy: Row = {
  name: 'policy',
  async measure({ installation, quick }: Ground) {
    const { policy } = installation
    const passes = quick ? 3 : 15
    const texts = [...posts, ...conversation(posts, 1500)].map(({ text }) => text)
    /** Milliseconds a text on average, each at the median of its passes: a pause for other programs counts once. */
    const each = (look: (text: string) => unknown) => {
      const samples = texts.map(() => [] as number[])
      for (let pass = 0; pass < passes; pass++)
        for (const [n, text] of texts.entries()) {
          const began = performance.now()
          look(text)
          samples[n]?.push(performance.now() - began)
        }
      return samples.map(median)
    }
    const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length
    const screened = each((text) => policy.screen(text))
    const suggested = each((text) => installation.suggester.suggestionsFor({ text }))
    const [post = '', ...thread] = texts.slice(0, 7)
    const inThread = each((text) =>
      installation.suggester.suggestionsFor({ text, under: { post, thread, subject: 'Life in town' } }),
    )
    const criticism = mean(each((text) => policy.protectedCriticism(text)))
    const words = mean(
      each((text) =>
        text
          .normalize('NFKC')
          .toLowerCase()
          .match(/\p{L}+/gu),
      ),
    )

    const { moderator } = await townOf(installation)
    const who = whoIs(moderator)
    const what = {
      type: 'Comment',
      page: newId(),
      reason: 'obscenity',
      protectedCriticism: false,
      secondPerson: false,
    }
    const runs = quick ? 100 : 1000
    // Each time about another comment: what was asked before is remembered.
    const decide = () => policy.decide(who, 'comment.hide', { ...what, id: newId() })
    const bare = () =>
      isAuthorized({
        principal: { type: 'Person', id: 'one' },
        action: { type: 'Action', id: 'look' },
        resource: { type: 'Comment', id: 'other' },
        context: {},
        policies: { staticPolicies: 'permit (principal, action, resource);' },
        entities: [],
      })
    await timed(() => [decide(), bare()])
    const decision = median(await timedRuns(runs, decide))
    const reference = median(await timedRuns(runs, bare))
    return [
      {
        what: `screening one post or comment (${count(texts.length)} of a town’s)`,
        measured: `${ms(mean(screened))} on average, ${ms(percentile(screened, 0.99))} for the slowest in a hundred`,
        target: '≤ 0.1 ms',
        reference: `cutting the text into words: ${ms(words)}`,
        met: mean(screened) <= 0.1,
      },
      {
        what: 'suggestions about one comment',
        measured: `${ms(mean(suggested))} on average, ${ms(percentile(suggested, 0.99))} for the slowest in a hundred`,
        target: '≤ 0.1 ms',
        reference: `cutting the text into words: ${ms(words)}`,
        met: mean(suggested) <= 0.1,
      },
      {
        what: 'the same on a page with a subject, in a thread of six',
        measured: `${ms(mean(inThread))} on average`,
        target: '≤ 0.1 ms',
        reference: `cutting the text into words: ${ms(words)}`,
        met: mean(inThread) <= 0.1,
      },
      {
        what: 'looking whether a comment is protected criticism',
        measured: `${ms(criticism)} on average`,
        target: '≤ 0.1 ms',
        reference: `cutting the text into words: ${ms(words)}`,
        met: criticism <= 0.1,
      },
      {
        what: `one decision by ${policy.rules.length} rules`,
        measured: `${ms(decision)} at the median`,
        target: 'none set; 0.1 ms was assumed',
        reference: `Cedar with a single rule, parsed anew: ${ms(reference)}`,
        met: null,
      },
    ]
  },
}
