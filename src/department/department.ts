/** The department and its people. */
export { type Answer, consider, type Problems, problem, recordRefusal } from './answer.ts'
export { type Auth, createAuth } from './auth.ts'
export {
  acceptInvitation,
  departmentForm,
  invitationForm,
  invitationOf,
  invite,
  issueSetUpLink,
  setUp,
  setUpForm,
  setUpLinkIsGood,
} from './joining.ts'
export { appointDesignee, editDepartment, endDesignee, endPerson, setRoles, unlock } from './offices.ts'
export { type Person, people, personById, type Role, roles, roleTitle, whoIs } from './people.ts'
export { contactsOf, type DepartmentProfile, departmentProfile, timeZoneHere, timeZoneOf } from './profile.ts'
export { switchReading } from './reading-switch.ts'
export type { TodayItem } from './today-item.ts'
