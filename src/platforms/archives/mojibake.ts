/**
 * Meta's exports write each byte of UTF-8 as if it were a character of Latin-1 (`\u00e2\u0080\u0099` for ’). Text
 * that can have come about that way is put right; other text is left as it is.
 */
export function repaired(text: string): string {
  if (!/[\u0080-\u00ff]/.test(text) || /[\u0100-\uffff]/.test(text)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

/** The same for all text in a piece of JSON; the network addresses that Meta notes beside pictures are left behind. */
export function allRepaired(value: unknown): unknown {
  if (typeof value === 'string') return repaired(value)
  if (Array.isArray(value)) return value.map(allRepaired)
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'upload_ip')
        .map(([name, inside]) => [repaired(name), allRepaired(inside)]),
    )
  return value
}
