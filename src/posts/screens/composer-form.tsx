import { useEffect, useRef, useState } from 'react'
import { Form, useFetcher } from 'react-router'
import type { Denied, Finding } from '../../policy/policy.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { When } from '../../web/components/when.tsx'
import type { PagePreview } from './composer.ts'
import { ComposerImages, ComposerPages } from './composer-parts.tsx'
import { Findings } from './findings.tsx'
import { Previews } from './previews.tsx'
import type { action as screen } from './screening.ts'

export interface ComposerAnswer {
  refusal: Denied | null
  problems: Record<string, string>
  savedAt: Date | null
  version: number | null
  text: string | null
}

/** The composer: saved as typed, screened as typed, shown as each page will show it. */
export function ComposerForm({
  post,
  images,
  pages,
  findings,
  zone,
  answer,
}: {
  post: { id: string; text: string; link: string; version: number; pages: string[]; updatedAt: Date }
  images: { id: string; src: string; alt: string; bytes: number }[]
  pages: PagePreview[]
  findings: { inText: Finding[]; elsewhere: Finding[] }
  zone: string
  answer: ComposerAnswer | undefined
}) {
  const [text, setText] = useState(answer?.text ?? post.text)
  const [link, setLink] = useState(post.link)
  const [chosen, setChosen] = useState<readonly string[]>(post.pages)
  const [hydrated, setHydrated] = useState(false)
  useEffect(() => setHydrated(true), [])

  const form = useRef<HTMLFormElement>(null)
  const screening = useFetcher<typeof screen>()
  const { saver, version, changed, beforeSubmit } = useAutosave(form, post, () => {
    if (form.current)
      screening.submit(withoutFile(form.current), {
        method: 'post',
        action: `/console/posts/${post.id}/screening`,
      })
  })

  const found = screening.data ?? findings
  const result = useLatest(answer, saver.data)
  const problems = result?.problems ?? {}
  const take = (finding: Finding) => {
    setText(text.slice(0, finding.start) + finding.suggestion + text.slice(finding.end))
    // The text on the screen changes first; what is saved and screened is read from it.
    setTimeout(changed)
  }

  return (
    <Form method="post" ref={form} onChange={changed} onSubmit={beforeSubmit} className="grid-row grid-gap-4">
      {/* The Enter key presses a form's first button. It must neither submit the post nor take an image out. */}
      <button
        className="usa-sr-only"
        type="submit"
        name="intent"
        value="save"
        tabIndex={-1}
        aria-hidden="true"
      >
        Save
      </button>
      <div className="desktop:grid-col-7">
        {result?.refusal && <Refusal decision={result.refusal} />}
        <ErrorSummary problems={problems} />
        <input type="hidden" name="version" value={version} />
        <label className="usa-label" htmlFor="text">
          Text
        </label>
        <textarea
          className="usa-textarea"
          id="text"
          name="text"
          rows={8}
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-invalid={problems.text ? true : undefined}
          aria-describedby={problems.text ? 'text-problem' : undefined}
        />
        {problems.text && (
          <span className="usa-error-message" id="text-problem">
            {problems.text}
          </span>
        )}
        <label className="usa-label" htmlFor="link">
          Link (optional)
        </label>
        <input
          className="usa-input"
          id="link"
          name="link"
          type="url"
          value={link}
          onChange={(event) => setLink(event.target.value)}
          aria-describedby={problems.link ? 'link-problem' : undefined}
        />
        {problems.link && (
          <span className="usa-error-message" id="link-problem">
            {problems.link}
          </span>
        )}
        <ComposerPages pages={pages} chosen={chosen} choose={setChosen} problem={problems.pages} />
        <ComposerImages key={images.length} images={images} problems={problems} />
        <p className="margin-top-3" role="status">
          {saver.state === 'idle' ? (
            <>
              Saved at <When at={result?.savedAt ?? post.updatedAt} zone={zone} />
            </>
          ) : (
            'Saving…'
          )}
        </p>
        <button className="usa-button" type="submit" name="intent" value="submit">
          Submit for approval
        </button>
        <button className="usa-button usa-button--outline" type="submit" name="intent" value="save">
          Save
        </button>
      </div>
      <div className="desktop:grid-col-5">
        <section aria-live="polite" aria-labelledby="findings-title">
          <h2 id="findings-title" className="font-heading-md margin-top-3 margin-bottom-1">
            By the policy
          </h2>
          <Findings findings={found.inText} take={hydrated ? take : undefined} />
          {found.elsewhere.length > 0 && (
            <>
              <h3 className="font-heading-sm">In the link and the descriptions</h3>
              <Findings findings={found.elsewhere} />
            </>
          )}
        </section>
        <section aria-labelledby="preview-title">
          <h2 id="preview-title" className="font-heading-md margin-top-3 margin-bottom-1">
            As it will look
          </h2>
          <Previews
            pages={pages.filter(({ id }) => chosen.includes(id))}
            text={text}
            link={link}
            images={images}
          />
        </section>
      </div>
    </Form>
  )
}

/** Of the answer to a pressed button and that to a save in between, the one that came last. */
function useLatest<Answer>(pressed: Answer | undefined, saved: Answer | undefined): Answer | undefined {
  const [known, setKnown] = useState({ pressed, saved, latest: pressed })
  if (known.pressed === pressed && known.saved === saved) return known.latest
  const latest = known.pressed === pressed ? saved : pressed
  setKnown({ pressed, saved, latest })
  return latest
}

/**
 * Saves a moment after the last key, one save at a time. The version on the screen rises with each save; when
 * somebody else changed the post meanwhile, the saving stops and says so, and the text stays where it is.
 */
function useAutosave(
  form: React.RefObject<HTMLFormElement | null>,
  post: { id: string; version: number },
  screen: () => void,
) {
  const saver = useFetcher<ComposerAnswer>()
  const dirty = useRef(false)
  const timers = useRef<{ save?: ReturnType<typeof setTimeout>; screen?: ReturnType<typeof setTimeout> }>({})
  const version = Math.max(post.version, saver.data?.version ?? 0)
  const overtaken = Boolean(saver.data?.problems.form)

  const save = () => {
    if (!form.current || !dirty.current || overtaken) return
    dirty.current = false
    const typed = withoutFile(form.current)
    typed.set('intent', 'save')
    saver.submit(typed, { method: 'post', action: `/console/posts/${post.id}/draft` })
  }
  const saveRef = useRef(save)
  saveRef.current = save
  const idle = saver.state === 'idle'
  const held = useRef<HTMLElement | null>(null)
  // What was typed while a save was on its way is saved after it, with the version that it brought back.
  useEffect(() => {
    if (!idle) return
    const button = held.current
    held.current = null
    if (button) form.current?.requestSubmit(button)
    else if (dirty.current) saveRef.current()
  }, [idle, form])

  /** A button pressed while a save is on its way waits for it: else the two would overtake each other. */
  const beforeSubmit = (event: React.SubmitEvent<HTMLFormElement>) => {
    clearTimeout(timers.current.save)
    dirty.current = false
    if (idleRef.current) return
    event.preventDefault()
    held.current = event.nativeEvent.submitter
  }

  const changed = () => {
    dirty.current = true
    clearTimeout(timers.current.save)
    clearTimeout(timers.current.screen)
    timers.current.save = setTimeout(() => idleRef.current && saveRef.current(), 900)
    timers.current.screen = setTimeout(screen, 300)
  }
  const idleRef = useRef(idle)
  idleRef.current = idle
  return { saver, version, changed, beforeSubmit }
}

function withoutFile(form: HTMLFormElement): FormData {
  const typed = new FormData(form)
  typed.delete('image')
  return typed
}
