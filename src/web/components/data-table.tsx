import type { ReactNode } from 'react'

export interface Column<Row> {
  key: string
  title: string
  /** What the cell shows; the row's own value under `key`, unless it is given. */
  render?: (row: Row) => ReactNode
}

/** A table. On a narrow screen each row becomes a block, with the column's title before each of its values. */
export function DataTable<Row extends object>({
  caption,
  columns,
  rows,
  empty,
}: {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  empty?: ReactNode
}) {
  if (rows.length === 0 && empty) return <>{empty}</>
  const cell = (row: Row, { key, render }: Column<Row>) =>
    render ? render(row) : ((row as Record<string, unknown>)[key] as ReactNode)
  const name = (row: Row, n: number) => ('id' in row ? String(row.id) : String(n))
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard
    <section className="usa-table-container--scrollable" tabIndex={0} aria-label={caption}>
      <table className="usa-table usa-table--borderless pv-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, title }) => (
              <th key={key} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={name(row, n)}>
              {columns.map((column) => (
                <td key={column.key} data-label={column.title}>
                  {cell(row, column)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
