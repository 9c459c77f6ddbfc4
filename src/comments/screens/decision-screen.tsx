import type { ReactNode } from 'react'
import { Form, Link } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { CommentText, PostOf } from './comment-text.tsx'
import type { Reply } from './decision-form.ts'
import type { Subject } from './decision-subject.ts'
import { HintList } from './hints.tsx'

/** One decision by itself: where a form without scripts ends up, or one that needs another look. */
export function DecisionScreen({
  title,
  lead,
  button,
  subject: { card, zone },
  reply,
  children,
  note = true,
}: {
  title: string
  lead: string
  button: string
  subject: Subject
  reply: Reply | undefined
  children?: ReactNode
  /** Whether a note can be left with it. */
  note?: boolean
}) {
  return (
    <>
      <PageHeading title={title} lead={lead} />
      {reply?.refusal && <Refusal decision={reply.refusal} />}
      <ErrorSummary problems={reply?.problems ?? {}} />
      <article className="pv-card margin-bottom-2">
        <CommentText card={card} zone={zone} />
        <HintList hints={card.hints} topic={card.page.topic} />
        <PostOf card={card} />
      </article>
      {/* Whoever is told that something changed meanwhile reads it as it is now, and decides about that. */}
      <Form method="post" className="maxw-tablet" defaultShouldRevalidate>
        <input type="hidden" name="revision" value={card.revision} />
        {children}
        {note && (
          <Field
            label="Note"
            name="note"
            hint="For your colleagues. It is kept on record."
            defaultValue={reply?.typed.note ?? ''}
            problem={reply?.problems.note}
            multiline
            rows={2}
          />
        )}
        <button className="usa-button margin-top-2" type="submit">
          {button}
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/comments/${card.id}`}>
          Leave it as it is
        </Link>
      </Form>
    </>
  )
}
