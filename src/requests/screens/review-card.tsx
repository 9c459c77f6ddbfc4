import { Form, Link } from 'react-router'
import { Tag, type Tone } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import type { ReviewDecision, ReviewGroup } from '../review-store.ts'
import { type ExemptionChoice, ExemptionFields } from './exemption-fields.tsx'
import type { RecordSummary } from './summaries.ts'

const words: Record<ReviewDecision, { title: string; tone: Tone }> = {
  release: { title: 'Release', tone: 'success' },
  redact: { title: 'Release redacted', tone: 'info' },
  withhold: { title: 'Withhold', tone: 'warning' },
}

interface Other {
  id: string
  title: string
  by: string
  at: Date
}

/** Records that say the same, with what may be done with them. */
export function ReviewCard({
  card,
  zone,
  open,
  exemptions,
  path,
  typed,
  problems,
  address,
}: {
  card: ReviewGroup & RecordSummary & { others: Other[] }
  zone: string
  open: boolean
  exemptions: readonly ExemptionChoice[]
  path: string
  typed: Record<string, string>
  problems: Record<string, string>
  address: string
}) {
  const others = card.records.length - 1
  const key = `${card.alike}:${card.seen}`
  return (
    <article className="pv-card" data-card tabIndex={-1} aria-label={card.words}>
      <p className="pv-quiet margin-top-0">
        {open && (
          <span className="usa-checkbox pv-tick">
            <input
              className="usa-checkbox__input"
              type="checkbox"
              form="bulk"
              name="group"
              value={key}
              id={`tick-${card.alike}`}
              data-key="x"
            />
            <label className="usa-checkbox__label" htmlFor={`tick-${card.alike}`}>
              <span className="usa-sr-only">Tick: {card.words.slice(0, 80)}</span>
            </label>
          </span>
        )}
        {card.by}, <When at={card.at} zone={zone} />, <a href={`/console/archive/${card.id}`}>{card.title}</a>
      </p>
      <p className="pv-quote">{card.words || 'No words.'}</p>
      {card.images.map((sha256) => (
        <img
          key={sha256}
          className="pv-image maxh-card"
          src={`/console/archive/${card.id}/files/${sha256}`}
          alt="Part of this record"
        />
      ))}
      {others > 0 && (
        <details className="margin-bottom-2">
          <summary>
            {others.toLocaleString('en-US')} more with the same words; a decision here is about all of them
            {card.decisions.length > 0 &&
              card.undecided > 0 &&
              ` that wait for review (${card.undecided.toLocaleString('en-US')})`}
          </summary>
          <ul className="usa-list">
            {card.others.map(({ id, title, by, at }) => (
              <li key={id}>
                <a href={`/console/archive/${id}`}>{title}</a>, {by}, <When at={at} zone={zone} />{' '}
                <Link to={`${path}/review/${id}`}>Redact this one</Link>
              </li>
            ))}
            {card.others.length < others && (
              <li>and {(others - card.others.length).toLocaleString('en-US')} more</li>
            )}
          </ul>
        </details>
      )}
      {card.decisions.length > 0 && (
        <p>
          {card.decisions.map((one) => (
            <span key={one} className="margin-right-1">
              <Tag tone={words[one].tone}>{words[one].title}</Tag>
            </span>
          ))}
          {card.exemptions.length > 0 && `under (${card.exemptions.join('), (')}): ${card.why} `}
          <span className="pv-quiet">{card.byName}</span>
        </p>
      )}
      {open && (
        <Form method="post" action={`?${address}`} className="pv-actions">
          <input type="hidden" name="group" value={key} />
          <button className="usa-button" type="submit" name="intent" value="release" data-key="r">
            Release
          </button>
          <Link className="usa-button usa-button--outline" to={`${path}/review/${card.id}`} data-key="d">
            Redact
          </Link>
          {card.decisions.length > 0 && (
            <button
              className="usa-button usa-button--unstyled"
              type="submit"
              name="intent"
              value="reopen"
              data-key="u"
            >
              Take the decision back
            </button>
          )}
          <details className="width-full" open={Object.keys(problems).length > 0}>
            <summary data-key="w">Withhold</summary>
            <ExemptionFields of={card.alike} exemptions={exemptions} typed={typed} problems={problems} />
            <button className="usa-button margin-top-1" type="submit" name="intent" value="withhold">
              Withhold the whole record
            </button>
          </details>
        </Form>
      )}
    </article>
  )
}
