import { Form } from 'react-router'

/** The two ways out of a review; `at` is where they are sent, this screen itself unless it is given. */
export function ReviewChoice({ revision, at }: { revision: number; at?: string }) {
  return (
    <Form method="post" {...(at ? { action: at } : {})} className="pv-actions">
      <input type="hidden" name="revision" value={revision} />
      <button className="usa-button" type="submit" name="outcome" value="agreed">
        It stays hidden
      </button>
      <button className="usa-button usa-button--outline" type="submit" name="outcome" value="shown">
        Show it again
      </button>
    </Form>
  )
}
