import { Form } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import type { LetterChoices } from '../letter.ts'

/** What a letter is about, before its text is filled in: the reasons, the exemptions, the day, the factors. */
export function LetterChoicesForm({
  asks,
  choices,
  exemptions,
  factors,
  factorsUnchecked,
  reviewed,
  problems,
}: {
  asks: { why: boolean; exemptions: boolean; newDue: boolean; factors: boolean }
  choices: LetterChoices
  exemptions: readonly { letter: string; title: string }[]
  factors: readonly { id: string; title: string }[]
  factorsUnchecked?: string | undefined
  reviewed: boolean
  problems: Record<string, string>
}) {
  return (
    <Form method="get" className="pv-card maxw-desktop">
      <h2>First</h2>
      {asks.newDue && (
        <Field
          label="Records will be provided by"
          name="newDue"
          type="date"
          hint="A business day."
          problem={problems.newDue ?? problems.due}
          defaultValue={choices.newDue}
        />
      )}
      {asks.exemptions && (
        <>
          <p>
            {reviewed
              ? 'The exemptions and reasons of the review are in the letter. Add others here, if there are any.'
              : 'Nothing is withheld in the review. Choose the exemption for what you withhold otherwise.'}
          </p>
          <Ticks
            legend="Exemptions"
            name="exemptions"
            options={exemptions.map(({ letter, title }) => ({
              value: letter,
              label: `(${letter}) ${title}`,
            }))}
            ticked={choices.exemptions}
          />
        </>
      )}
      {asks.factors && (
        <>
          <Ticks
            legend="Factors"
            name="factors"
            options={factors.map(({ id, title }) => ({ value: id, label: title }))}
            ticked={choices.factors}
          />
          {factorsUnchecked && <p className="pv-quiet">{factorsUnchecked}</p>}
        </>
      )}
      {asks.why && (
        <Field
          label={asks.exemptions ? 'Why they apply' : 'What you have to say'}
          name="why"
          multiline
          rows={3}
          defaultValue={choices.why}
          problem={problems.why}
        />
      )}
      <button type="submit" className="usa-button usa-button--outline margin-top-2">
        Fill the letter in
      </button>
      <p className="usa-hint">This fills the letter below anew.</p>
    </Form>
  )
}

function Ticks({
  legend,
  name,
  options,
  ticked,
}: {
  legend: string
  name: string
  options: readonly { value: string; label: string }[]
  ticked: readonly string[]
}) {
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend">{legend}</legend>
      {options.map(({ value, label }) => (
        <div className="usa-checkbox bg-transparent" key={value}>
          <input
            className="usa-checkbox__input"
            id={`${name}-${value}`}
            type="checkbox"
            name={name}
            value={value}
            defaultChecked={ticked.includes(value)}
          />
          <label className="usa-checkbox__label" htmlFor={`${name}-${value}`}>
            {label}
          </label>
        </div>
      ))}
    </fieldset>
  )
}
