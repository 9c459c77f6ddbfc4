import type { Term } from './query.ts'

/**
 * A query as `to_tsquery` reads it. Every word stands in quotes of its own, so nothing that was typed is an operator there.
 * PostgreSQL's <n> means exactly n words on, so being near is one of all distances, either way round.
 */
export function tsqueryOf(term: Term): string {
  switch (term.is) {
    case 'word':
      return `${quoted(term.text)}${term.begins ? ':*' : ''}`
    case 'phrase':
      return quoted(term.text)
    case 'not':
      return `!(${tsqueryOf(term.of)})`
    case 'near': {
      const [left, right] = [tsqueryOf(term.left), tsqueryOf(term.right)]
      const distances = Array.from({ length: term.within }, (_, n) => n + 1)
      return `(${distances.flatMap((n) => [`${left} <${n}> ${right}`, `${right} <${n}> ${left}`]).join(' | ')})`
    }
    default:
      return `(${term.of.map(tsqueryOf).join(term.is === 'and' ? ' & ' : ' | ')})`
  }
}

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`

/** What a query finds, as a person would say it: 'records with “storm”, without “parade”'. */
export function explanation(term: Term): string {
  const parts = term.is === 'and' ? term.of : [term]
  const wanted = parts.filter((part) => part.is !== 'not').map((part) => said(part, parts.length > 1))
  const without = parts.flatMap((part) => (part.is === 'not' ? [`without ${said(part.of, true)}`] : []))
  const first = wanted.length > 0 ? `with ${wanted.join(' and ')}` : without.shift()
  return ['records', [first, ...without].join(', ')].join(' ')
}

/** `inside`: something stands beside it, so that several together have to be held together. */
function said(term: Term, inside: boolean): string {
  switch (term.is) {
    case 'word':
      return term.begins ? `words that begin with “${term.text}”` : `“${term.text}”`
    case 'phrase':
      return /\s/.test(term.text) ? `the phrase “${term.text}”` : `“${term.text}”`
    case 'near':
      return `${said(term.left, true)} and ${said(term.right, true)} within ${term.within} ${term.within === 1 ? 'word' : 'words'} of each other`
    case 'not':
      return `anything without ${said(term.of, true)}`
    default: {
      const [before, between] = term.is === 'or' ? ['either ', ' or '] : ['both ', ' and ']
      const together = term.of.map((part) => said(part, true)).join(between)
      return inside ? `(${term.of.length === 2 ? before : ''}${together})` : together
    }
  }
}
