import { Form } from 'react-router'
import { type ExemptionChoice, ExemptionFields } from './exemption-fields.tsx'

/** One decision about all ticked cards, or about everything that the filter shows. The ticks name this form. */
export function BulkReview({
  exemptions,
  total,
  address,
}: {
  exemptions: readonly ExemptionChoice[]
  total: number
  address: string
}) {
  return (
    <Form method="post" action={`?${address}`} id="bulk" className="pv-card">
      {/* Enter on a box presses a form's first button, which must not be the one that releases. */}
      <button type="submit" name="intent" value="nothing" hidden />
      <h2>Decide about several</h2>
      <div className="usa-checkbox bg-transparent">
        <input className="usa-checkbox__input" type="checkbox" id="all" name="all" value="yes" />
        <label className="usa-checkbox__label" htmlFor="all">
          All that waits for review with these words, {total.toLocaleString('en-US')} shown, instead of the
          ticked ones
        </label>
      </div>
      <div className="pv-actions margin-top-2">
        <button className="usa-button" type="submit" name="intent" value="release">
          Release them
        </button>
        <button className="usa-button usa-button--outline" type="submit" name="intent" value="reopen">
          Take their decisions back
        </button>
      </div>
      <details className="margin-top-2">
        <summary>Withhold them</summary>
        <ExemptionFields of="bulk" exemptions={exemptions} />
        <button className="usa-button margin-top-1" type="submit" name="intent" value="withhold">
          Withhold them as a whole
        </button>
      </details>
    </Form>
  )
}
