import { roles } from '../people.ts'

export function RoleBoxes({ chosen, problem }: { chosen: readonly string[]; problem?: string | undefined }) {
  return (
    <fieldset className="usa-fieldset margin-top-3">
      <legend className="usa-legend">Roles</legend>
      {problem && (
        <span className="usa-error-message" role="alert" id="roles">
          {problem}
        </span>
      )}
      {roles.map((role) => (
        <div className="usa-checkbox" key={role.id}>
          <input
            className="usa-checkbox__input"
            type="checkbox"
            name="roles"
            id={`role-${role.id}`}
            value={role.id}
            defaultChecked={chosen.includes(role.id)}
          />
          <label className="usa-checkbox__label" htmlFor={`role-${role.id}`}>
            {role.title}
            <span className="usa-checkbox__label-description">{role.does}</span>
          </label>
        </div>
      ))}
    </fieldset>
  )
}
