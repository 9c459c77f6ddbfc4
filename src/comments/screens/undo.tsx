import { Link, useFetcher } from 'react-router'
import { opening } from '../../opening.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import type { Card } from '../card.ts'
import type { Reply } from './decision-form.ts'

const words: Record<string, string> = {
  keep: 'You kept',
  hide: 'You hid',
  restore: 'You showed again',
  reopen: 'You took your decision back about',
}

/** What was decided last, and the way back, where no script keeps them in mind. */
export function Undo({ card, copies, me, back }: { card: Card; copies: boolean; me: string; back: string }) {
  const fetcher = useFetcher<Reply>()
  const asked = card.asked?.by === me
  const word = asked ? 'You asked a second person about' : words[card.last?.decision ?? '']
  if (!word) return null
  const open = !asked && !card.decided
  return (
    <div className="usa-alert usa-alert--info usa-alert--slim margin-bottom-2" role="status">
      <div className="usa-alert__body">
        <ErrorSummary problems={fetcher.data?.problems ?? {}} />
        <p className="usa-alert__text">
          {word} <Link to={`/console/comments/${card.id}`}>“{opening(card.text, 60)}”</Link>.
        </p>
        {!open && (
          <fetcher.Form method="post" action={`/console/comments/${card.id}/reopening`}>
            <input type="hidden" name="revision" value={card.revision} />
            <input type="hidden" name="back" value={back} />
            {copies && <input type="hidden" name="copies" value="all" />}
            <button className="usa-button usa-button--unstyled" type="submit">
              Undo
            </button>
          </fetcher.Form>
        )}
      </div>
    </div>
  )
}
