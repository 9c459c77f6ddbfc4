import type { Measures } from '../../comments/comments.ts'
import { When } from '../../web/components/when.tsx'

/** What is otherwise than usual for those who write on a page just now, why, and until when. */
export function MeasuresTold({ measures: { hold, slowing }, zone }: { measures: Measures; zone: string }) {
  if (!hold && !slowing) return null
  return (
    <section className="usa-alert usa-alert--warning margin-bottom-2" aria-label="Comments just now">
      <div className="usa-alert__body">
        {hold && (
          <p className="usa-alert__text">
            <strong>Comments on this page are held for review</strong> since{' '}
            <When at={hold.since} zone={zone} />, until <When at={hold.until} zone={zone} /> at the latest,
            {hold.because ? ` because ${hold.because}` : ' in an incident'}. That goes for every comment,
            whoever writes it and whatever it says. Yours is kept as a public record at once. It is shown when
            somebody has read it, and at the end of the hold in any case, unless it is removed for a reason of{' '}
            <a href="/policy#comments">the rules</a>.
          </p>
        )}
        {slowing && (
          <div className={hold ? 'margin-top-2' : ''}>
            <p className="usa-alert__text">
              <strong>Many people are writing here.</strong> As long as the department has not read and kept a
              comment of yours, you can send one every {slowing.minutes}{' '}
              {slowing.minutes === 1 ? 'minute' : 'minutes'}, like everybody new, whatever you say. This ends
              on <When at={slowing.until} zone={zone} /> at the latest.
            </p>
          </div>
        )}
      </div>
    </section>
  )
}
