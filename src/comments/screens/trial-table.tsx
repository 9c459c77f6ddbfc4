import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import type { tryOut } from '../automatic.ts'

/** What thresholds would have done, beside what people decided about the same comments. */
export function TrialTable({
  trial: { days, trials, mistakes },
}: {
  trial: Awaited<ReturnType<typeof tryOut>>
}) {
  return (
    <section aria-labelledby="trial">
      <h2 id="trial">What it would have done</h2>
      <p>
        Comments of the last {days} days that reach a threshold, and what people decided about them. What
        people kept would have been a mistake.
      </p>
      <DataTable
        caption="By threshold"
        columns={[
          { key: 'threshold', title: 'Threshold', render: (row) => Math.round(row.threshold * 100) },
          { key: 'reached', title: 'Would be hidden' },
          { key: 'hidden', title: 'People hid' },
          { key: 'kept', title: 'People kept' },
          { key: 'open', title: 'Not decided', render: (row) => row.reached - row.hidden - row.kept },
          { key: 'criticism', title: 'Spared: criticism' },
        ]}
        rows={trials}
      />
      {mistakes.length > 0 && (
        <>
          <h3>Kept by people, hidden at the lowest threshold</h3>
          <ul className="usa-list">
            {mistakes.map(({ id, text, author, score }) => (
              <li key={id}>
                {Math.round(score * 100)}: <Link to={`/console/comments/${id}`}>{author}</Link>, “
                {opening(text, 160)}”
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
