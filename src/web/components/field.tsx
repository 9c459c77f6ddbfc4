import type { InputHTMLAttributes } from 'react'

type Native = Pick<
  InputHTMLAttributes<HTMLInputElement>,
  'autoComplete' | 'inputMode' | 'min' | 'max' | 'maxLength' | 'placeholder' | 'accept'
>

/** A labelled field with its hint, and with its problem where the eye looks for it. */
export function Field({
  label,
  name,
  hint,
  problem,
  defaultValue,
  type = 'text',
  required,
  multiline,
  rows,
  options,
  checked,
  ...native
}: Native & {
  label: string
  name: string
  hint?: string | undefined
  problem?: string | undefined
  defaultValue?: string | undefined
  type?: string
  required?: boolean | undefined
  multiline?: boolean
  rows?: number
  options?: readonly { value: string; label: string }[]
  checked?: boolean | undefined
}) {
  const described = [hint && `${name}-hint`, problem && `${name}-problem`].filter(Boolean).join(' ')
  const shared = {
    id: name,
    name,
    required,
    'aria-describedby': described || undefined,
    'aria-invalid': problem ? true : undefined,
  }
  if (type === 'checkbox')
    return (
      <div className="usa-checkbox margin-top-2">
        <input
          className="usa-checkbox__input"
          type="checkbox"
          value="yes"
          defaultChecked={checked}
          {...shared}
        />
        <label className="usa-checkbox__label" htmlFor={name}>
          {label}
        </label>
        {hint && (
          <p className="usa-hint" id={`${name}-hint`}>
            {hint}
          </p>
        )}
      </div>
    )
  return (
    <div className={problem ? 'usa-form-group usa-form-group--error' : 'usa-form-group'}>
      <label className={problem ? 'usa-label usa-label--error' : 'usa-label'} htmlFor={name}>
        {label}
        {required && <span className="usa-hint"> (required)</span>}
      </label>
      {hint && (
        <span className="usa-hint" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span className="usa-error-message" id={`${name}-problem`} role="alert">
          {problem}
        </span>
      )}
      {options ? (
        <select className="usa-select" defaultValue={defaultValue} {...shared}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      ) : multiline ? (
        <textarea className="usa-textarea" rows={rows} defaultValue={defaultValue} {...shared} />
      ) : (
        <input className="usa-input" type={type} defaultValue={defaultValue} {...shared} {...native} />
      )}
    </div>
  )
}
