/**
 * One line of a CSV file (RFC 4180), with its end. A spreadsheet must not take a visitor's words for a formula, so what
 * begins like one gets an apostrophe. The library `csv-stringify` makes the same of each line, and takes longer for it than all
 * the sums of a record: it prepares itself anew at every call.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`

function cell(value: string): string {
  const safe = formula.test(value) ? `'${value}` : value
  return special.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** What begins a formula; some programs take the wide forms of a sign for the sign. */
const formula = /^[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20]/
const special = /[",\r\n]/
