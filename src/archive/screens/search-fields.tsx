import { Form } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import type { Asked } from './asked.ts'

/** The search's form. What the facets chose is kept in it, so that other words are looked for among the same records. */
export function SearchFields({
  asked,
  problems,
}: {
  asked: Asked
  problems: { words: string | undefined; to: string | undefined }
}) {
  const field = (name: keyof Asked) => ({ name, defaultValue: asked[name] })
  const kept = ['kind', 'page', 'platform', 'person', 'files', 'state', 'language', 'series', 'hold'] as const
  return (
    <Form method="get" className="pv-card" role="search">
      <Field
        label="Words"
        type="search"
        hint={
          'All of several words, "a phrase", flood*, OR, NOT or -without, storm NEAR/5 flood, (parentheses)'
        }
        problem={problems.words}
        {...field('words')}
      />
      <div className="grid-row grid-gap">
        <div className="tablet:grid-col-4">
          <Field label="From" type="date" {...field('from')} />
        </div>
        <div className="tablet:grid-col-4">
          <Field label="To" type="date" problem={problems.to} {...field('to')} />
        </div>
        <div className="tablet:grid-col-4">
          <Field
            label="Order"
            {...field('order')}
            options={[
              { value: '', label: 'Newest first' },
              { value: 'oldest', label: 'Oldest first' },
              { value: 'relevance', label: 'Best match of the newest 2,000' },
            ]}
          />
        </div>
      </div>
      {kept.map((name) => asked[name] && <input key={name} type="hidden" name={name} value={asked[name]} />)}
      <Field label="On legal hold" name="held" type="checkbox" checked={asked.held === 'yes'} />
      <Field
        label="Also records of searches and openings"
        name="lookups"
        type="checkbox"
        checked={asked.lookups === 'yes'}
      />
      <button type="submit" className="usa-button margin-top-2">
        Search
      </button>
    </Form>
  )
}
