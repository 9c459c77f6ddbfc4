/** The department and its people. */

export { type Person, people, personById, type Role, roles, whoIs } from './people.ts'
export { type DepartmentProfile, departmentProfile } from './profile.ts'
