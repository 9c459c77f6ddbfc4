/** Prints a table in Markdown, as docs/suggestions.md holds it. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]) {
  for (const line of [head, head.map(() => '---'), ...rows]) console.log(`| ${line.join(' | ')} |`)
}

/** Shares between 0 and 1, each with three digits. */
export const figures = (shares: readonly number[]) => shares.map((share) => share.toFixed(3))
