import { useRef, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import { sizeOf } from './size.ts'
import type { Uploaded } from './upload.ts'

/** The form for a file of any size. Its script shows how much is sent; without it the browser shows that itself. */
export function UploadForm({
  pages,
  problems,
}: {
  pages: readonly { value: string; label: string }[]
  problems: Readonly<Record<string, string>>
}) {
  const navigate = useNavigate()
  const [sent, setSent] = useState<{ bytes: number; of: number } | null>(null)
  const [told, setTold] = useState<readonly string[]>([])
  const sending = useRef<XMLHttpRequest>(null)

  function send(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const request = new XMLHttpRequest()
    sending.current = request
    setTold([])
    setSent({ bytes: 0, of: 0 })
    request.upload.onprogress = ({ loaded, total }) => setSent({ bytes: loaded, of: total })
    const ended = (problems: readonly string[]) => {
      setSent(null)
      setTold(problems)
    }
    request.onload = () => {
      const answer: Uploaded | null = request.response
      if (answer?.to) navigate(answer.to)
      else ended(answer?.problems ?? ['The server could not take the file. Try it again in a few minutes.'])
    }
    request.onerror = () =>
      ended(['The connection broke off. Send the file again, or import it on the server’s command line.'])
    request.onabort = () => ended([])
    request.responseType = 'json'
    request.open('POST', '/console/imports/upload')
    request.send(new FormData(event.currentTarget))
  }

  return (
    <form method="post" encType="multipart/form-data" onSubmit={send} className="usa-form maxw-tablet">
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
        options={[{ value: '', label: 'Choose a page' }, ...pages]}
        problem={problems.page}
      />
      <p className="usa-hint">
        Not in the list? <Link to="/console/pages/new">Register it</Link>. For a page that is no more, or that
        Plainview can’t post to, choose the platform “Former page”.
      </p>
      <Field label="File" name="file" type="file" required problem={problems.file} />
      {sent ? (
        <>
          <p role="status">
            {sizeOf(sent.bytes)} of {sizeOf(sent.of)} sent. Keep this window open until all of it is.
          </p>
          <progress className="width-full" max={sent.of || 1} value={sent.bytes} aria-label="Sent" />
          <button
            type="button"
            className="usa-button usa-button--outline"
            onClick={() => sending.current?.abort()}
          >
            Stop sending
          </button>
        </>
      ) : (
        <button type="submit" className="usa-button">
          Import
        </button>
      )}
    </form>
  )
}
