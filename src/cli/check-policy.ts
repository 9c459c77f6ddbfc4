import { asTable, loadPolicy, measure, PackProblem, readPosts } from '../policy/policy.ts'

/** Loads a policy pack as the server would; with labelled posts, shows what its screening finds and what it misses. */
export async function runPolicyCheck(folder: string, posts: string | undefined): Promise<number> {
  try {
    const policy = await loadPolicy(folder)
    const { clauses, rules, screeningRules } = policy
    console.log(
      `${policy.id} ${policy.title} can be used: ${clauses.length} clauses, ${rules.length} rules, ${screeningRules.length} rules of screening.`,
    )
    if (posts === undefined) return 0
    const measured = measure(policy, await readPosts(posts))
    console.log(`\n${asTable(posts, measured)}\n`)
    for (const { post, missed, wrong } of measured.mistakes)
      console.log(
        [
          post.id,
          missed.length > 0 && `missed ${missed.join(', ')}`,
          wrong.length > 0 && `wrongly named ${wrong.join(', ')}`,
        ]
          .filter(Boolean)
          .join(': '),
      )
    return 0
  } catch (error) {
    if (!(error instanceof PackProblem)) throw error
    console.error(error.message)
    return 1
  }
}
