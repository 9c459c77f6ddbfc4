import { Form } from 'react-router'
import type { QueueFilter, QueueState } from '../queue-filter.ts'

const stateWords: Record<QueueState, string> = {
  waiting: 'Waiting',
  hidden: 'Hidden',
  kept: 'Kept',
  all: 'All',
}

/** What the queue shows. It is a plain form: the choice stands in the address. */
export function QueueFilters({
  filter,
  pages,
  categories,
}: {
  filter: QueueFilter
  pages: readonly { id: string; title: string }[]
  /** What can be suggested about a comment. */
  categories: readonly { id: string; title: string }[]
}) {
  return (
    <Form
      className="grid-row grid-gap flex-align-end margin-bottom-3"
      role="search"
      key={JSON.stringify(filter)}
    >
      <div className="tablet:grid-col-3">
        <label className="usa-label" htmlFor="words">
          Words or author
        </label>
        <input className="usa-input" id="words" name="words" type="search" defaultValue={filter.words} />
      </div>
      <Choice
        label="Show"
        name="state"
        value={filter.state}
        options={Object.entries(stateWords).map(([value, title]) => ({ id: value, title }))}
      />
      <Choice
        label="Page"
        name="page"
        value={filter.page ?? ''}
        options={[{ id: '', title: 'All' }, ...pages]}
      />
      <Choice
        label="Suggested"
        name="suggested"
        value={filter.suggested ?? ''}
        options={[{ id: '', title: 'Anything or nothing' }, ...categories]}
      />
      <Choice
        label="Order"
        name="order"
        value={filter.order}
        options={[
          { id: 'oldest', title: 'Oldest first' },
          { id: 'newest', title: 'Newest first' },
        ]}
      />
      <div className="tablet:grid-col-auto">
        <button className="usa-button usa-button--outline" type="submit">
          Filter
        </button>
      </div>
    </Form>
  )
}

function Choice({
  label,
  name,
  value,
  options,
}: {
  label: string
  name: string
  value: string
  options: readonly { id: string; title: string }[]
}) {
  return (
    <div className="tablet:grid-col-2">
      <label className="usa-label" htmlFor={name}>
        {label}
      </label>
      <select className="usa-select" id={name} name={name} defaultValue={value}>
        {options.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </div>
  )
}
