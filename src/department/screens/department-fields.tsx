import { Field } from '../../web/components/field.tsx'

const zones = [
  ['America/New_York', 'Eastern'],
  ['America/Chicago', 'Central'],
  ['America/Denver', 'Mountain'],
  ['America/Phoenix', 'Arizona'],
  ['America/Los_Angeles', 'Pacific'],
  ['America/Anchorage', 'Alaska'],
  ['Pacific/Honolulu', 'Hawaii'],
  ['America/Puerto_Rico', 'Atlantic'],
] as const

/** What set-up and settings ask about the department. */
export function DepartmentFields({
  values,
  problems,
}: {
  values: Readonly<Record<string, string>>
  problems: Readonly<Record<string, string>>
}) {
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: values[name] ?? '' })
  return (
    <fieldset className="usa-fieldset">
      <legend className="usa-legend usa-legend--large">The department</legend>
      <Field label="Name" hint="For example: Millbrook Police Department" {...field('department')} required />
      <Field label="Town" {...field('town')} required />
      <Field
        label="Time zone"
        {...field('time_zone')}
        options={zones.map(([value, label]) => ({ value, label }))}
        required
      />
      <Field
        label="Official website"
        type="url"
        hint="Beginning with https://"
        {...field('website')}
        required
      />
      <Field label="Telephone, not for emergencies" type="tel" {...field('contact_phone')} />
      <Field label="E-mail" type="email" {...field('contact_email')} />
      <Field label="Postal address" multiline rows={3} {...field('contact_address')} />
    </fieldset>
  )
}
