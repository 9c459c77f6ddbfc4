import { type PointerEvent, useRef, useState } from 'react'
import type { FilePart } from './redaction-parts.ts'
import { sizeOf } from './size.ts'

/** A file of a record: areas are drawn on it or given by numbers, or it is withheld as a whole. */
export function FileRedaction({
  file,
  path,
  open,
  ffmpeg,
}: {
  file: FilePart
  /** Where the files of this record are shown. */
  path: string
  open: boolean
  ffmpeg: boolean
}) {
  const { area, draw } = useDrawnArea()
  const n = file.file
  const moving = file.kind === 'video'
  const sounding = moving || file.kind === 'audio'
  const can = open && file.withheld === null && (file.kind === 'image' || (sounding && ffmpeg))
  return (
    <section className="pv-card" aria-label={`File ${n + 1}`}>
      <h2>
        File {n + 1}: {file.role}, {file.mediaType}, {sizeOf(file.bytes)}
      </h2>
      {file.withheld && (
        <p>
          {file.withheld === 'marked'
            ? 'This file is withheld as a whole.'
            : 'This file may repeat words that are taken out, so it does not go out.'}
        </p>
      )}
      {sounding && !ffmpeg && (
        <p>
          Areas of a video can be blackened, and sound taken out, when ffmpeg is on this machine. It is not;
          information services can install it. Until then the file can only go out or be withheld as a whole.
        </p>
      )}
      {!file.withheld && file.kind === 'image' && (
        <div className="pv-drawing" {...(can ? draw : {})}>
          <img
            src={`${path}/${n}?as=${file.marked ? 'redacted' : 'it-is'}`}
            alt={`File ${n + 1} as it goes out`}
            draggable={false}
          />
          {area && <span className="pv-drawn" ref={(element) => placeAt(element, area)} />}
        </div>
      )}
      {sounding && !file.withheld && (
        <>
          {moving ? (
            /* biome-ignore lint/a11y/useMediaCaption: a captured video has the captions it came with */
            <video className="pv-image" controls src={`${path}/${n}`} />
          ) : (
            /* biome-ignore lint/a11y/useMediaCaption: a captured sound has no captions of its own */
            <audio className="pv-image" controls src={`${path}/${n}`} />
          )}
          {file.marked && (
            <p>
              This is the original. <a href={`${path}/${n}?as=redacted`}>Play it as it goes out</a>; making it
              takes a moment.
            </p>
          )}
        </>
      )}
      {can && (
        <>
          <div className="grid-row grid-gap-1">
            {file.kind !== 'audio' &&
              (['left', 'top', 'width', 'height'] as const).map((name) => (
                <Percent key={name} name={`${name}-${n}`} label={`${titles[name]}, %`} value={area?.[name]} />
              ))}
            {sounding && <Percent name={`from-${n}`} label="From second" />}
            {sounding && <Percent name={`to-${n}`} label="To second" />}
          </div>
          <div className="pv-actions margin-top-1">
            {file.kind !== 'audio' && (
              <button className="usa-button" type="submit" name="intent" value={`area:${n}`}>
                Black out this area
              </button>
            )}
            {sounding && (
              <button className="usa-button" type="submit" name="intent" value={`silence:${n}`}>
                Take the sound of this time out
              </button>
            )}
          </div>
        </>
      )}
      {open && !file.withheld && (
        <button
          className="usa-button usa-button--outline margin-top-1"
          type="submit"
          name="intent"
          value={`file:${n}`}
        >
          Withhold this file as a whole
        </button>
      )}
    </section>
  )
}

const titles = { left: 'From the left', top: 'From the top', width: 'Width', height: 'Height' }

interface Area {
  left: number
  top: number
  width: number
  height: number
}

function Percent({ name, label, value }: { name: string; label: string; value?: number | undefined }) {
  return (
    <div className="grid-col-6 tablet:grid-col-2">
      <label className="usa-label" htmlFor={name}>
        {label}
      </label>
      <input
        className="usa-input"
        key={value}
        id={name}
        name={name}
        inputMode="decimal"
        defaultValue={value === undefined ? '' : String(Math.round(value * 10) / 10)}
      />
    </div>
  )
}

/** An area in percent, drawn by dragging over an element. */
function useDrawnArea() {
  const [area, setArea] = useState<Area | null>(null)
  const from = useRef<{ x: number; y: number } | null>(null)
  const at = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = (part: number, whole: number) => Math.min(100, Math.max(0, (part / whole) * 100))
    return { x: share(event.clientX - box.left, box.width), y: share(event.clientY - box.top, box.height) }
  }
  return {
    area,
    draw: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        from.current = at(event)
        event.currentTarget.setPointerCapture(event.pointerId)
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (!from.current) return
        const [a, b] = [from.current, at(event)]
        setArea({
          left: Math.min(a.x, b.x),
          top: Math.min(a.y, b.y),
          width: Math.abs(a.x - b.x),
          height: Math.abs(a.y - b.y),
        })
      },
      onPointerUp() {
        from.current = null
      },
    },
  }
}

/** Through the element, because the site's Content-Security-Policy lets no style stand in the page. */
function placeAt(element: HTMLElement | null, area: Area) {
  if (!element) return
  for (const side of ['left', 'top', 'width', 'height'] as const) element.style[side] = `${area[side]}%`
}
