import { Field } from '../../web/components/field.tsx'
import type { Choices } from './choices.ts'

/** The conditions by which a hold covers records. */
export function ScopeFields({
  choices: { pages, people, kinds },
  typed,
  problems,
}: {
  choices: Choices
  typed: Readonly<Record<string, string>>
  problems: Readonly<Record<string, string>>
}) {
  const field = (name: string) => ({ name, defaultValue: typed[name] ?? '', problem: problems[name] })
  const any = (label: string) => ({ value: '', label })
  return (
    <fieldset className="usa-fieldset margin-top-3" aria-describedby="covers">
      <legend className="usa-legend usa-legend--large">What is held</legend>
      <p className="usa-hint" id="covers">
        Records that meet every condition you fill in, those that are made later included. What meets another
        set of conditions is added to the hold afterwards. A hold on one record about a post, comment or
        request holds everything about it.
      </p>
      {problems.covers && <p className="usa-error-message">{problems.covers}</p>}
      {typed.about && (
        <p>
          Everything about the {typed.about.replace('/', ' ')}
          <input type="hidden" name="about" value={typed.about} />
        </p>
      )}
      <div className="grid-row grid-gap">
        <div className="tablet:grid-col-6">
          <Field
            label="Words"
            hint={
              'As in the archive: words, "a phrase", storm*, OR, NOT, NEAR/5; also what a machine read in pictures and captions'
            }
            {...field('words')}
          />
        </div>
        <div className="tablet:grid-col-6">
          <Field
            label="Mentions"
            hint="A name, handle, case or request number that stands anywhere in the record"
            {...field('mentions')}
          />
        </div>
        <div className="tablet:grid-col-6">
          <Field label="Page" {...field('page')} options={[any('Any page'), ...pages]} />
        </div>
        <div className="tablet:grid-col-6">
          <Field
            label="Person"
            hint="By or about them"
            {...field('person')}
            options={[any('Anybody'), ...people]}
          />
        </div>
        <div className="tablet:grid-col-6">
          <Field label="From" type="date" {...field('since')} />
        </div>
        <div className="tablet:grid-col-6">
          <Field label="To" type="date" {...field('until')} />
        </div>
        <div className="tablet:grid-col-6">
          <Field label="Kind" {...field('kind')} options={[any('Any kind'), ...kinds]} />
        </div>
        <div className="tablet:grid-col-6">
          <Field
            label="Single records"
            hint="The addresses of their screens, one a line"
            {...field('records')}
            multiline
            rows={3}
          />
        </div>
      </div>
    </fieldset>
  )
}
