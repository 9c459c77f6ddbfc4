/** What a page must say about itself, in wordings from the longest to the shortest, the most important first. */
export interface Disclosure {
  id: string
  /** What is missing when it is left out: "that comments are monitored". */
  title: string
  clause: string
  variants: readonly string[]
}

export interface PageFacts {
  departmentName: string
  pagePurpose: string
  website: string
  contact: string
}

/**
 * The disclosures in at most `max` characters. Rather than leave one out it shortens the others; those that
 * find no room at all are named in `left_out`.
 */
export function wordDisclosures(
  disclosures: readonly Disclosure[],
  facts: PageFacts,
  max: number,
): { text: string; left_out: string[] } {
  const wordings = disclosures.map((disclosure) => ({
    disclosure,
    variants: disclosure.variants.map((variant) => filled(variant, facts)).filter(Boolean),
  }))
  const chosen = new Map<string, string>()
  const text = () =>
    wordings
      .flatMap(({ disclosure }) => chosen.get(disclosure.id) ?? [])
      .map(asSentence)
      .join('\n')
  const fits = (id: string, wording: string) => {
    const before = chosen.get(id)
    chosen.set(id, wording)
    if (lengthOf(text()) <= max) return true
    if (before === undefined) chosen.delete(id)
    else chosen.set(id, before)
    return false
  }

  for (const { disclosure, variants } of wordings) {
    const shortest = [...variants].sort((a, b) => lengthOf(a) - lengthOf(b))[0]
    if (shortest) fits(disclosure.id, shortest)
  }
  for (const { disclosure, variants } of wordings)
    if (chosen.has(disclosure.id)) variants.some((variant) => fits(disclosure.id, variant))

  return {
    text: text(),
    left_out: wordings
      .filter(({ disclosure }) => !chosen.has(disclosure.id))
      .map(({ disclosure }) => `${disclosure.title} (${disclosure.clause})`),
  }
}

/** Code points: never fewer than the graphemes that a platform counts. */
const lengthOf = (text: string) => [...text].length

/** A wording whose fact is not known says nothing. */
function filled(variant: string, facts: PageFacts): string {
  let missing = false
  const text = variant.replace(/\{(\w+)\}/g, (_whole, name: keyof PageFacts) => {
    const fact = facts[name]?.trim()
    if (!fact) missing = true
    return fact?.replace(/\.$/, '') ?? ''
  })
  return missing ? '' : text
}

/** An address stands without a full stop behind it, so that it can be followed. */
const asSentence = (text: string) =>
  /[.!?]$/.test(text) || /https?:\S+$|\.[a-z]{2,}\/?\S*$/i.test(text) ? text : `${text}.`
