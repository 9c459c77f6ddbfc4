import { ReadByMachine } from '../../web/components/read-by-machine.tsx'
import { When } from '../../web/components/when.tsx'
import { kindWords } from './search-form.tsx'
import type { RecordSummary } from './summaries.ts'

/** Records in a table, each with a box to tick. */
export function RecordTicks({
  caption,
  records,
  zone,
  ticks,
}: {
  caption: string
  records: readonly (RecordSummary & { collected?: boolean; byReading?: boolean })[]
  zone: string
  ticks: boolean
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reachable by keyboard
    <section className="usa-table-container--scrollable" tabIndex={0} aria-label={caption}>
      <table className="usa-table usa-table--borderless width-full">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {ticks && <th scope="col">Tick</th>}
            <th scope="col">When</th>
            <th scope="col">What</th>
            <th scope="col">By</th>
            <th scope="col">Words</th>
          </tr>
        </thead>
        <tbody>
          {records.map((record) => (
            <tr key={record.id}>
              {ticks && (
                <td>
                  {record.collected ? (
                    'Collected'
                  ) : (
                    <div className="usa-checkbox bg-transparent">
                      <input
                        className="usa-checkbox__input"
                        type="checkbox"
                        id={`tick-${record.id}`}
                        name="record"
                        value={record.id}
                      />
                      <label className="usa-checkbox__label margin-top-0" htmlFor={`tick-${record.id}`}>
                        <span className="usa-sr-only">
                          {kindWords(record.kind)}: {record.words}
                        </span>
                      </label>
                    </div>
                  )}
                </td>
              )}
              <td>
                <When at={record.at} zone={zone} />
              </td>
              <td>
                <a href={`/console/archive/${record.id}`}>{kindWords(record.kind)}</a>
              </td>
              <td>{record.by}</td>
              <td>
                {record.words}
                {record.byReading && <ReadByMachine />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
