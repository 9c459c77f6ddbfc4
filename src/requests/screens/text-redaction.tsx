import { useRef, useState } from 'react'
import type { TextPart } from './redaction-parts.ts'
import { suggestionKey } from './suggestion-key.ts'

/** The texts of a record. What is selected in one of them, or typed, is taken out; so is what is suggested. */
export function TextRedaction({
  texts,
  open,
  typed,
  problem,
}: {
  texts: readonly TextPart[]
  open: boolean
  typed: string
  problem?: string | undefined
}) {
  const [chosen, setChosen] = useState({ place: '', start: 0, end: 0, words: typed })
  const details = texts.filter((part) => part.detail)
  const main = texts.filter((part) => !part.detail)
  const text = (part: TextPart) => <Text key={part.place} part={part} open={open} choose={setChosen} />
  const all = texts.flatMap(({ place, suggestions }) => suggestions.map((one) => ({ ...one, place })))
  // Words that stand in several texts of the record are one suggestion, which takes them out of each.
  const suggested = all.filter(
    (one, n) => all.findIndex((other) => other.excerpt === one.excerpt && other.reason === one.reason) === n,
  )
  return (
    <>
      <h2>Text</h2>
      {main.map(text)}
      {details.length > 0 && (
        <details className="margin-y-2" open={main.length === 0}>
          <summary>Details of the record ({details.length})</summary>
          {details.map(text)}
        </details>
      )}
      {open && (
        <div className="pv-card">
          <input type="hidden" name="place" value={chosen.place} />
          <input type="hidden" name="start" value={chosen.start} />
          <input type="hidden" name="end" value={chosen.end} />
          <label className="usa-label margin-top-0" htmlFor="words">
            Words to take out
          </label>
          <span className="usa-hint" id="words-hint">
            Select them in a text above, or type them: then they are taken out wherever they stand in this
            record.
          </span>
          {problem && (
            <span className="usa-error-message" role="alert">
              {problem}
            </span>
          )}
          <input
            className="usa-input maxw-full"
            id="words"
            name="words"
            aria-describedby="words-hint"
            value={chosen.words}
            onChange={(event) => setChosen({ place: '', start: 0, end: 0, words: event.target.value })}
          />
          <button className="usa-button margin-top-1" type="submit" name="intent" value="words">
            Take these words out
          </button>
        </div>
      )}
      {open && suggested.length > 0 && (
        <section className="pv-card" aria-labelledby="suggestions">
          <h2 id="suggestions">Have a look at these</h2>
          <ul className="add-list-reset">
            {suggested.map((one) => (
              <li key={suggestionKey(one)} className="pv-actions margin-y-1">
                <button
                  className="usa-button usa-button--outline"
                  type="submit"
                  name="intent"
                  value={`suggestion:${suggestionKey(one)}`}
                >
                  Take out “{one.excerpt}”
                </button>
                <span>
                  {one.reason} <span className="pv-quiet">Exemption ({one.exemption})</span>
                </span>
              </li>
            ))}
          </ul>
          {suggested.length > 1 && (
            <button className="usa-button" type="submit" name="intent" value="suggestions">
              Take all {suggested.length} out
            </button>
          )}
        </section>
      )}
    </>
  )
}

function Text({
  part,
  open,
  choose,
}: {
  part: TextPart
  open: boolean
  choose(chosen: { place: string; start: number; end: number; words: string }): void
}) {
  const shown = useRef<HTMLDivElement>(null)
  const { place, title, text, redacted } = part
  function select() {
    const selection = getSelection()
    if (!selection || selection.isCollapsed || !shown.current) return
    const range = selection.getRangeAt(0)
    if (!shown.current.contains(range.startContainer) || !shown.current.contains(range.endContainer)) return
    const before = document.createRange()
    before.setStart(shown.current, 0)
    before.setEnd(range.startContainer, range.startOffset)
    const start = before.toString().length
    const end = start + range.toString().length
    choose({ place, start, end, words: text.slice(start, end).trim() })
  }
  return (
    <section className="margin-y-2" aria-label={title}>
      <h3 className="margin-bottom-05 font-sans-sm">{title}</h3>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: selecting works in any text; the field below does the same by keyboard */}
      <div ref={shown} className="pv-quote text-pre-wrap" onMouseUp={select} onKeyUp={select}>
        {text}
      </div>
      {redacted !== text && (
        <p className="text-pre-wrap">
          <span className="pv-quiet">Goes out as: </span>
          {redacted}
        </p>
      )}
      {open && text.length <= 200 && (
        <button
          className="usa-button usa-button--unstyled display-block margin-top-05"
          type="submit"
          name="intent"
          value={`text:${place}`}
          aria-label={`Take out all of: ${title}`}
        >
          Take out all of it
        </button>
      )}
    </section>
  )
}
