import type { FormEvent } from 'react'
import { Link } from 'react-router'
import type { EscalationKind, RemovalReason } from '../../policy/policy.ts'
import type { Card } from '../card.ts'
import { AdviceField, Choices, Key } from './card-choices.tsx'
import { escalationKey } from './escalation-key.ts'

/** What a list's cards have in common. */
export interface ListFacts {
  zone: string
  reasons: readonly RemovalReason[]
  kinds: readonly EscalationKind[]
  colleagues: readonly { id: string; name: string }[]
  me: string
  /** The list's own address, to come back to. */
  back: string
  /** When the list was read: a decision for identical ones is not about what arrived later. */
  until: string
}

/**
 * The decisions about a card, as a plain form: each button names the decision's own address. `data-key` is the key that
 * presses it. With scripts `decide` is handed the form instead.
 */
export function CardDecisions({
  card,
  facts: { reasons, kinds, colleagues, back, until, me },
  decide,
}: {
  card: Card
  facts: ListFacts
  decide(what: string, fields: FormData): void
}) {
  const here = `/console/comments/${card.id}`
  const advises = card.question && !card.question.advice && card.question.by !== me
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const { submitter } = event.nativeEvent as SubmitEvent
    if (!(submitter instanceof HTMLButtonElement)) return
    const fields = new FormData(event.currentTarget, submitter)
    event.currentTarget.querySelectorAll<HTMLInputElement>('[name="copies"]').forEach((box) => {
      box.checked = false
    })
    decide(new URL(submitter.formAction).pathname.split('/').at(-1) ?? '', fields)
  }
  if (card.deletedAt) return null
  return (
    <form method="post" className="pv-decisions" onSubmit={submit}>
      <input type="hidden" name="revision" value={card.revision} />
      <input type="hidden" name="back" value={back} />
      <input type="hidden" name="until" value={until} />
      {card.copies.count > 0 && (
        <div className="usa-checkbox pv-copies">
          <input
            className="usa-checkbox__input"
            id={`copies-${card.id}`}
            type="checkbox"
            name="copies"
            value="all"
            data-key="c"
          />
          <label className="usa-checkbox__label" htmlFor={`copies-${card.id}`}>
            and {identical(card.copies)}
          </label>
        </div>
      )}
      {card.state === 'hidden' ? (
        <button
          className="usa-button usa-button--outline"
          type="submit"
          data-key="r"
          formAction={`${here}/restoration`}
        >
          Show it again <Key name="r" />
        </button>
      ) : (
        <>
          {!card.decided && (
            <button className="usa-button" type="submit" data-key="k" formAction={`${here}/keeping`}>
              Keep <Key name="k" />
            </button>
          )}
          <Choices name="h" title="Hide…">
            {reasons.map((reason, index) => (
              <button
                key={reason.id}
                className="usa-button usa-button--outline"
                type="submit"
                name="reason"
                value={reason.id}
                title={reason.covers}
                data-key={index + 1}
                formAction={`${here}/removal`}
              >
                {index + 1}. {reason.title} ({reason.clause})
              </button>
            ))}
          </Choices>
        </>
      )}
      {!card.decided && !card.question && (
        <Choices name="a" title="Ask…">
          {[{ id: '', name: 'Anybody' }, ...colleagues].map((one, index) => (
            <button
              key={one.id}
              className="usa-button usa-button--outline"
              type="submit"
              name="asked"
              value={one.id}
              data-key={index < 9 ? index + 1 : undefined}
              formAction={`${here}/question`}
            >
              {index + 1}. {one.name}
            </button>
          ))}
        </Choices>
      )}
      {kinds
        .filter(({ id }) => !card.escalations.some(({ kind, closedByName }) => kind === id && !closedByName))
        .map((kind) => (
          <button
            key={kind.id}
            className="usa-button usa-button--outline"
            type="submit"
            name="kind"
            value={kind.id}
            title={`${kind.covers} It goes to ${kind.receiver}.`}
            data-key={escalationKey(kind)}
            formAction={`${here}/escalation`}
          >
            {kind.title} <Key name={escalationKey(kind)} />
          </button>
        ))}
      <Link className="pv-details" to={here}>
        Details
      </Link>
      {advises && <AdviceField id={card.id} action={`${here}/advice`} />}
    </form>
  )
}

function identical({ count, authors, posts }: Card['copies']): string {
  const people = `${authors} ${authors === 1 ? 'person' : 'people'}`
  const places = posts > 1 ? `, under ${posts} posts` : ''
  return `${count.toLocaleString('en-US')} identical by ${people}${places}`
}
