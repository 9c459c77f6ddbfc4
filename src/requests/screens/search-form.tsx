import { Form } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import type { Wanted } from './search.ts'

interface Choices {
  pages: { id: string; title: string }[]
  people: { id: string; name: string }[]
  kinds: { value: string; label: string }[]
}

/** The archive's search, with its state in the address. */
export function SearchForm({
  wanted,
  problems,
  choices,
}: {
  wanted: Wanted
  problems: Record<string, string>
  choices: Choices
}) {
  const any = (label: string) => ({ value: '', label })
  const third = 'tablet:grid-col-4 margin-top-1'
  return (
    <Form method="get" role="search" className="margin-bottom-2">
      <h2 className="margin-bottom-1">Search the archive</h2>
      <Field
        label="Words"
        name="words"
        type="search"
        hint={
          'All of several words, "a phrase", flood*, OR, -without, storm NEAR/5 flood; also what a machine read in pictures and captions'
        }
        problem={problems.words}
        defaultValue={wanted.words}
      />
      <div className="grid-row grid-gap">
        <div className={third}>
          <Field
            label="Page"
            name="page"
            defaultValue={wanted.page}
            options={[
              any('Any page'),
              ...choices.pages.map(({ id, title }) => ({ value: id, label: title })),
            ]}
          />
        </div>
        <div className={third}>
          <Field
            label="Kind"
            name="kind"
            defaultValue={wanted.kind}
            options={[any('Any kind'), ...choices.kinds]}
          />
        </div>
        <div className={third}>
          <Field
            label="Person"
            name="person"
            defaultValue={wanted.person}
            options={[any('Anybody'), ...choices.people.map(({ id, name }) => ({ value: id, label: name }))]}
          />
        </div>
        <div className={third}>
          <Field label="From" name="from" type="date" defaultValue={wanted.from} />
        </div>
        <div className={third}>
          <Field label="To" name="to" type="date" problem={problems.to} defaultValue={wanted.to} />
        </div>
      </div>
      <button className="usa-button usa-button--outline margin-top-2" type="submit">
        Search
      </button>
    </Form>
  )
}
