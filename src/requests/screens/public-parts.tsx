import type { ReactNode } from 'react'
import { When } from '../../web/components/when.tsx'
import { sizeInWords } from './size.ts'

/** A letter or a message as it was sent. */
export function Said({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <section className="border-left-05 border-base-lighter padding-left-2 margin-y-2">
      <h3 className="margin-top-0">{title}</h3>
      <p className="pv-quiet margin-y-05">{children}</p>
      <p className="text-pre-wrap margin-bottom-0">{text}</p>
    </section>
  )
}

interface Download {
  id: string
  at: Date
  records: number
  withheld: number
  bytes: number
  sha256: string
}

export function Downloads({
  code,
  downloads,
  answered,
  zone,
}: {
  code: string
  downloads: readonly Download[]
  answered: boolean
  zone: string
}) {
  if (downloads.length === 0)
    return (
      <p>
        {answered
          ? 'There is nothing to download. Our answer stands below.'
          : 'No records are ready yet. When they are, you download them here.'}
      </p>
    )
  return (
    <>
      <ul className="usa-list">
        {downloads.map((one) => (
          <li key={one.id}>
            <a href={`/records-requests/${code}/productions/${one.id}`} download>
              Download {sizeInWords(one)}
            </a>
            , ready since <When at={one.at} zone={zone} />
            <br />
            <span className="pv-quiet">
              SHA-256 <code className="text-wrap">{one.sha256}</code>
            </span>
          </li>
        ))}
      </ul>
      <p className="usa-hint">
        If something is withheld, the file <code>data/withheld.html</code> in it says what, and why.
      </p>
    </>
  )
}

/** How the requester can appeal, with what they need for it. */
export function Appeal({
  appeal,
  number,
}: {
  appeal: {
    to: string
    days: number
    businessDays: number
    law: string
    exemptions: readonly { letter: string; title: string }[]
  }
  number: string
}) {
  return (
    <section>
      <h2 id="appeal">If you do not agree</h2>
      {appeal.exemptions.length > 0 && (
        <>
          <p>We withheld records, or parts of them, under {appeal.law}:</p>
          <ul className="usa-list">
            {appeal.exemptions.map((one) => (
              <li key={one.letter}>
                Exemption ({one.letter}): {one.title}
              </li>
            ))}
          </ul>
        </>
      )}
      <p>
        You may appeal within {appeal.days} calendar days to {appeal.to}. Write what you asked for and what
        you object to, name the request {number}, and add a copy of your request and of our letters. They
        decide within {appeal.businessDays} business days after your appeal arrives. You may also go to court.
      </p>
    </section>
  )
}
