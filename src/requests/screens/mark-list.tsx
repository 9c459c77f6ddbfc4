import type { Mark } from '../marks.ts'
import type { TextPart } from './redaction-parts.ts'

/** What is taken out so far, each to take back. */
export function MarkList({
  marks,
  texts,
  open,
}: {
  marks: readonly Mark[]
  texts: readonly TextPart[]
  open: boolean
}) {
  if (marks.length === 0) return null
  return (
    <section>
      <h2>Taken out</h2>
      <ol className="usa-list">
        {marks.map((mark, n) => (
          <li key={JSON.stringify(mark)}>
            {inWords(mark, texts)}, exemption ({mark.exemption}){' '}
            {open && (
              <button
                className="usa-button usa-button--unstyled"
                type="submit"
                name="intent"
                value={`take-back:${n}`}
                aria-label={`Take back number ${n + 1}`}
              >
                Take back
              </button>
            )}
          </li>
        ))}
      </ol>
      <p className="usa-hint">When the last one is taken back, the record waits for review again.</p>
    </section>
  )
}

function inWords(mark: Mark, texts: readonly TextPart[]): string {
  switch (mark.kind) {
    case 'text': {
      const part = texts.find((one) => one.place === mark.place)
      return part ? `“${part.text.slice(mark.start, mark.end)}” (${part.title})` : 'Words for the search'
    }
    case 'file':
      return `File ${mark.file + 1} as a whole`
    case 'silence':
      return `Sound of file ${mark.file + 1}, from second ${mark.from} to ${mark.to}`
    case 'area': {
      const percent = (share: number) => `${Math.round(share * 1000) / 10} %`
      const time =
        mark.from === undefined && mark.to === undefined
          ? ''
          : `, from second ${mark.from ?? 0}${mark.to === undefined ? '' : ` to ${mark.to}`}`
      return `Area of file ${mark.file + 1}: ${percent(mark.width)} wide and ${percent(mark.height)} high, ${percent(mark.left)} from the left and ${percent(mark.top)} from the top${time}`
    }
  }
}
