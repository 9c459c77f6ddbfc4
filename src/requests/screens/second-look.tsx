import { Form } from 'react-router'

/** Whether somebody else has looked at a redaction, and the button with which they say so. */
export function SecondLook({
  review,
  mine,
  wanted,
  open,
}: {
  review: { byName: string; confirmedBy: string | null; revision: number }
  mine: boolean
  wanted: boolean
  open: boolean
}) {
  return (
    <section className="pv-card">
      <h2>Second look</h2>
      <p>
        Redacted by {review.byName}.{' '}
        {review.confirmedBy
          ? 'Somebody else has looked at it and finds it complete.'
          : mine
            ? `Somebody else can look at it${wanted ? ', and has to, before it goes out' : ''}.`
            : 'Look at what goes out, then confirm that nothing is left that must not.'}
      </p>
      {open && !mine && !review.confirmedBy && (
        <Form method="post">
          <input type="hidden" name="revision" value={review.revision} />
          <button className="usa-button" type="submit" name="intent" value="confirm">
            It is complete
          </button>
        </Form>
      )}
    </section>
  )
}
