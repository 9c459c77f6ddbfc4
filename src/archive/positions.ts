/** Positions in the log, written shortly: [1, 2, 3, 7] is "1-3, 7". They come in any order, each once. */
export function asRanges(positions: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const position of positions.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && position === last[1] + 1) last[1] = position
    else ranges.push([position, position])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}

/** The positions that such a text names. What is none of it names nothing. */
export function fromRanges(text: string): Set<number> {
  const positions = new Set<number>()
  for (const range of text.split(', ')) {
    const [, from, to] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? []
    if (from === undefined) continue
    for (let position = Number(from); position <= Number(to ?? from); position++) positions.add(position)
  }
  return positions
}
