import { useRef } from 'react'
import { Form, useFetcher } from 'react-router'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Notice } from '../../web/components/notice.tsx'
import type { loader as disclosures } from './disclosures.ts'
import type { FormChoices } from './form-choices.ts'

export const authorLines = [
  { value: 'department', label: 'The department’s name' },
  { value: 'name-and-title', label: 'Title and name of the author' },
  { value: 'initials', label: 'Initials of the author' },
  { value: 'none', label: 'No line: the page itself says who speaks' },
]

/** The form about a page; new and edited pages share it. */
export function PageFields({
  choices,
  values,
  administrators,
  problems,
  isNew,
  submit,
}: {
  choices: FormChoices
  values: Record<string, string>
  administrators: readonly string[]
  problems: Record<string, string>
  isNew: boolean
  submit: string
}) {
  const preview = useFetcher<typeof disclosures>()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: values[name] ?? '' })
  const platform = choices.platforms.find((one) => one.kind === values.platform)

  const look = (form: HTMLFormElement) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const typed = new FormData(form)
      const query = new URLSearchParams()
      for (const name of ['platform', 'purpose', 'website', 'contact'])
        query.set(name, String(typed.get(name) ?? ''))
      preview.load(`/console/pages/disclosures?${query}`)
    }, 300)
  }

  return (
    <Form method="post" className="usa-form usa-form--large" onChange={(event) => look(event.currentTarget)}>
      <ErrorSummary problems={problems} />
      {isNew ? (
        <Field
          label="Where is the page?"
          {...field('platform')}
          options={choices.platforms.map(({ kind, title }) => ({ value: kind, label: title }))}
          required
        />
      ) : (
        <input type="hidden" name="platform" value={values.platform} />
      )}
      <Field label="Title" hint="As people will see it." {...field('title')} required />
      {(isNew || platform?.hostedHere) && (
        <Field
          label="Short name for the address"
          hint="Only for a page on this site. Small letters and dashes: town-news"
          {...field('slug')}
        />
      )}
      {(isNew || !platform?.hostedHere) && (
        <Field
          label="Address"
          hint="Only for a page elsewhere: where people find it, beginning with https://"
          type="url"
          {...field('address')}
        />
      )}
      <Field
        label="Purpose"
        hint="What the page is for, in a sentence."
        {...field('purpose')}
        multiline
        rows={3}
        required
      />
      <Field
        label="Scope"
        hint="What it covers, and what it does not."
        {...field('scope')}
        multiline
        rows={3}
      />
      <Field
        label="Audiences"
        hint="Separated by commas: residents, youth, recruits"
        {...field('audiences')}
      />
      <Field label="The department’s official website" type="url" {...field('website')} required />
      <Field
        label="Contact"
        hint="Telephone, e-mail or office, as the page will show it."
        {...field('contact')}
        required
      />
      <Field
        label="May visitors comment?"
        {...field('comment_policy')}
        options={[
          { value: 'open', label: 'Yes' },
          { value: 'off', label: 'No' },
        ]}
        required
      />
      <Field
        label="What comments must be about"
        hint="Leave empty when people may comment on anything; no comment is off topic then."
        {...field('comment_topic')}
      />
      <Field label="How posts name their author" {...field('author_line')} options={authorLines} required />
      <fieldset className="usa-fieldset margin-top-3">
        <legend className="usa-legend">Administrators</legend>
        {choices.people.map((person) => (
          <div className="usa-checkbox" key={person.id}>
            <input
              className="usa-checkbox__input"
              id={`administrator-${person.id}`}
              type="checkbox"
              name="administrators"
              value={person.id}
              defaultChecked={administrators.includes(person.id)}
            />
            <label className="usa-checkbox__label" htmlFor={`administrator-${person.id}`}>
              {person.name}
            </label>
          </div>
        ))}
      </fieldset>
      <section aria-live="polite" className="margin-top-3">
        {preview.data && (
          <>
            <h2 className="font-heading-sm">What the profile will say</h2>
            <p className="pv-quote">{preview.data.text}</p>
            <LeftOut items={preview.data.leftOut} max={preview.data.max} />
          </>
        )}
      </section>
      <button className="usa-button" type="submit">
        {submit}
      </button>
    </Form>
  )
}

/** What the policy wants the page to say and the platform has no room for. */
export function LeftOut({ items, max }: { items: readonly string[]; max?: number }) {
  if (items.length === 0) return <p className="pv-quiet">Everything the policy asks for is there.</p>
  return (
    <Notice tone="warning">
      The platform has {max ? `room for ${max} characters only` : 'too little room'}, so this was left out:{' '}
      {items.join('; ')}.
    </Notice>
  )
}
