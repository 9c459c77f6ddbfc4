import type { AuthorLine } from '../pages/pages.ts'
import type { Capabilities } from '../platforms/contract.ts'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The length of a text in the unit that a platform counts in. */
export function lengthOf(text: string, unit: Capabilities['postLength']['unit']): number {
  if (unit === 'characters') return [...text].length
  let count = 0
  for (const _ of graphemes.segment(text)) count++
  return count
}

/** How a post names the member of the department it comes from (policy IV.A.3.i.2), or null. */
export function authorLine(
  setting: AuthorLine,
  author: { name: string; title: string },
  department: string,
): string | null {
  if (setting === 'none') return null
  if (setting === 'department') return `— ${department}`
  if (setting === 'name-and-title')
    return `— ${author.title ? `${author.title} ` : ''}${author.name}, ${department}`
  const initials = author.name
    .split(/\s+/)
    .map((part) => part[0] ?? '')
    .join('')
  return `— ${initials}, ${department}`
}

/** The words that go to a page: the text, and the author's line below it. */
export const textFor = (text: string, line: string | null) =>
  line ? `${text.trim()}\n\n${line}` : text.trim()

/** What a platform takes away from a post, in sentences; empty when it fits. */
export function misfits(
  page: { title: string },
  capabilities: Capabilities,
  words: string,
  images: readonly { bytes: number }[],
): string[] {
  const { max, unit } = capabilities.postLength
  const length = lengthOf(words, unit)
  const problems: string[] = []
  if (length > max)
    problems.push(
      `The post is ${length - max} ${length - max === 1 ? 'character' : 'characters'} too long for “${page.title}” (${length} of ${max}, the author’s line included).`,
    )
  if (images.length > capabilities.images.max)
    problems.push(
      capabilities.images.max === 0
        ? `“${page.title}” takes no images.`
        : `“${page.title}” takes at most ${capabilities.images.max} images. Take ${images.length - capabilities.images.max} out.`,
    )
  return problems
}

/** The first words of a post, for lists. */
export function headline(text: string): string {
  const line = text.trim().split('\n')[0] ?? ''
  if (!line) return 'Untitled draft'
  return line.length <= 80 ? line : `${line.slice(0, 79).replace(/\s+\S*$/, '')}…`
}
