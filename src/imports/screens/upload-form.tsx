import { useRef, useState } from 'react'
import { Link, useNavigate, useRevalidator } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import { type Progress, sendFile, type Unfinished } from './sending.ts'
import { sizeOf } from './size.ts'

/**
 * The form for a file of any size. Its script sends it in pieces and goes on with what is `unfinished`, when the same file is chosen
 * again; without a script the browser sends it at once. `wanted` is the upload that somebody came to go on with.
 */
export function UploadForm({
  pages,
  problems,
  unfinished,
  wanted,
}: {
  pages: readonly { value: string; label: string }[]
  problems: Readonly<Record<string, string>>
  unfinished: readonly Unfinished[]
  wanted: Unfinished | null
}) {
  const navigate = useNavigate()
  const { revalidate } = useRevalidator()
  const [progress, setProgress] = useState<(Progress & { of: number }) | null>(null)
  const [told, setTold] = useState<readonly string[]>([])
  const sending = useRef<{ stop(): void }>(null)

  async function send(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const page = String(form.get('page') ?? '')
    const file = form.get('file')
    if (!(file instanceof File)) return
    const same = unfinished.find((one) => one.page === page && isOf(one, file))
    if (wanted && same?.id !== wanted.id) {
      setTold([
        `This is not the file whose upload is unfinished. Choose “${wanted.fileName}” of ${sizeOf(wanted.bytes)} for the same page, or go back to the list and import a new file.`,
      ])
      return
    }
    setTold([])
    setProgress({ sent: 0, waiting: false, of: file.size })
    const { stop, sent } = sendFile(file, {
      page,
      unfinished: same ?? null,
      onProgress: (now) => setProgress({ ...now, of: file.size }),
    })
    sending.current = { stop }
    const { to, problems } = await sent
    if (to) return navigate(to)
    setProgress(null)
    setTold(problems ?? [])
    // What was sent so far is unfinished now, and the next attempt goes on with it.
    await revalidate()
  }

  return (
    <form
      method="post"
      encType="multipart/form-data"
      onSubmit={(event) => void send(event)}
      className="usa-form maxw-tablet"
    >
      {told.length > 0 && (
        <div className="usa-alert usa-alert--error" role="alert">
          <div className="usa-alert__body">
            {told.map((sentence) => (
              <p className="usa-alert__text" key={sentence}>
                {sentence}
              </p>
            ))}
          </div>
        </div>
      )}
      <Field
        label="Page whose history this is"
        name="page"
        required
        defaultValue={wanted?.page ?? ''}
        options={[{ value: '', label: 'Choose a page' }, ...pages]}
        problem={problems.page}
      />
      <p className="usa-hint">
        Not in the list? <Link to="/console/pages/new">Register it</Link>. For a page that is no more, or that
        Plainview can’t post to, choose the platform “Former page”.
      </p>
      <Field
        label="File"
        name="file"
        type="file"
        required
        hint={wanted ? `The same one: ${wanted.fileName}, ${sizeOf(wanted.bytes)}` : undefined}
        problem={problems.file}
      />
      {progress ? (
        <>
          <p role="status">
            {sizeOf(progress.sent)} of {sizeOf(progress.of)} sent.{' '}
            {progress.waiting
              ? 'The connection broke off; it is tried again by itself.'
              : 'You can stop, or close this window, and go on later with the same file.'}
          </p>
          <progress
            className="width-full"
            max={progress.of || 1}
            value={progress.sent}
            aria-label="How much is sent"
          />
          <button
            type="button"
            className="usa-button usa-button--outline"
            onClick={() => sending.current?.stop()}
          >
            Stop sending
          </button>
        </>
      ) : (
        <button type="submit" className="usa-button">
          {wanted ? 'Go on' : 'Import'}
        </button>
      )}
    </form>
  )
}

/** The same file as far as a browser tells: its checksum shows at the end whether it is. */
const isOf = ({ fileName, bytes, modified }: Unfinished, file: File) =>
  file.name === fileName && file.size === bytes && (modified === null || modified === file.lastModified)
