import { Form, Link } from 'react-router'
import type { RemovalReason } from '../../policy/policy.ts'
import type { QueueFilter, QueueMark, QueueState } from '../queue-filter.ts'
import { languageName } from './comment-text.tsx'
import { queueAddress } from './queue-address.ts'

const stateWords: Record<QueueState, string> = {
  waiting: 'Waiting',
  held: 'Held for review',
  hidden: 'Hidden',
  kept: 'Kept',
  all: 'All',
}
const markWords: Record<QueueMark, string> = {
  mine: 'Asked of me',
  asked: 'A colleague is asked',
  escalated: 'Passed on',
  reported: 'Reported by visitors',
  copies: 'With identical ones',
  answered: 'With answers',
  pictures: 'With pictures',
}
const ages: [string, string][] = [
  ['', 'Any'],
  ['1', 'Over an hour'],
  ['8', 'Over 8 hours'],
  ['24', 'Over a day'],
  ['72', 'Over 3 days'],
]

/** What the queue shows. It is a plain form: the choice stands in the address, where it can be kept as a bookmark. */
export function QueueFilters({
  filter,
  pages,
  languages,
  reasons,
  categories,
}: {
  filter: QueueFilter
  pages: readonly { id: string; title: string }[]
  languages: readonly string[]
  reasons: readonly RemovalReason[]
  /** What can be suggested about a comment. */
  categories: readonly { id: string; title: string }[]
}) {
  const more =
    filter.post ||
    filter.thread ||
    filter.reason ||
    filter.author ||
    filter.language ||
    filter.marks.length > 0 ||
    filter.olderThanHours > 0
  return (
    <Form className="pv-queue-filters" role="search" key={JSON.stringify(filter)}>
      <div className="pv-queue-filter">
        <label className="usa-label" htmlFor="words">
          Words or author
        </label>
        <input className="usa-input" id="words" name="words" type="search" defaultValue={filter.words} />
      </div>
      <Choice label="Show" name="state" value={filter.state} options={Object.entries(stateWords)} />
      <Choice
        label="Page"
        name="page"
        value={filter.page ?? ''}
        options={[['', 'All'], ...pages.map(({ id, title }): [string, string] => [id, title])]}
      />
      <Choice
        label="Suggested"
        name="suggested"
        value={filter.suggested}
        options={[['', 'Anything'], ...categories.map(({ id, title }): [string, string] => [id, title])]}
      />
      <Choice
        label="Order"
        name="order"
        value={filter.order}
        options={[
          ['oldest', 'Oldest first'],
          ['newest', 'Newest first'],
          ['harm', 'Harm first'],
        ]}
      />
      <button className="usa-button usa-button--outline" type="submit">
        Filter
      </button>
      <details className="pv-queue-more" open={Boolean(more)}>
        <summary>More filters</summary>
        <div className="pv-queue-filters">
          <Choice
            label="Reason"
            name="reason"
            value={filter.reason}
            options={[['', 'Any'], ...reasons.map(({ id, title }): [string, string] => [id, title])]}
          />
          <Choice label="Age" name="older" value={String(filter.olderThanHours || '')} options={ages} />
          {languages.length > 0 && (
            <Choice
              label="Language"
              name="language"
              value={filter.language}
              options={[
                ['', 'Any'],
                ...languages.map((code): [string, string] => [code, languageName(code)]),
              ]}
            />
          )}
          <Within filter={filter} />
          {filter.author && (
            <p className="margin-0">
              <input type="hidden" name="author" value={filter.author} />
              By one author.{' '}
              <Link to={queueAddress({ ...filter, author: '', after: null })}>By everybody</Link>
            </p>
          )}
          <fieldset className="usa-fieldset pv-marks">
            <legend className="usa-sr-only">Only comments that are</legend>
            {Object.entries(markWords).map(([mark, title]) => (
              <div className="usa-checkbox" key={mark}>
                <input
                  className="usa-checkbox__input"
                  id={`only-${mark}`}
                  type="checkbox"
                  name="only"
                  value={mark}
                  defaultChecked={filter.marks.includes(mark as QueueMark)}
                />
                <label className="usa-checkbox__label margin-top-0" htmlFor={`only-${mark}`}>
                  {title}
                </label>
              </div>
            ))}
          </fieldset>
        </div>
      </details>
    </Form>
  )
}

/** The post and the thread that the list is narrowed to, and the ways out of them. */
function Within({ filter }: { filter: QueueFilter }) {
  return (['post', 'thread'] as const).map(
    (name) =>
      filter[name] && (
        <p className="margin-0" key={name}>
          <input type="hidden" name={name} value={filter[name]} />
          In one {name}.{' '}
          <Link to={queueAddress({ ...filter, [name]: null, after: null })}>
            In {name === 'post' ? 'all posts' : 'all threads'}
          </Link>
        </p>
      ),
  )
}

/** One of several, to narrow or to order a list by. */
export function Choice({
  label,
  name,
  value,
  options,
}: {
  label: string
  name: string
  value: string
  options: readonly [string, string][]
}) {
  return (
    <div className="pv-queue-filter">
      <label className="usa-label" htmlFor={name}>
        {label}
      </label>
      <select className="usa-select" id={name} name={name} defaultValue={value}>
        {options.map(([id, title]) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </div>
  )
}
