import { type Person, whoIs } from '../department/department.ts'
import type { ActionName, Policy, What } from '../policy/policy.ts'

interface MenuItem {
  to: string
  title: string
  /** The least that a person must be allowed to do there; an item without it is everybody's. */
  use?: { action: ActionName; on: What['type'] }
}
interface MenuPart {
  title: string
  items: readonly MenuItem[]
}

const menu: readonly MenuPart[] = [
  { title: 'Work', items: [{ to: '/console', title: 'Today' }] },
  {
    title: 'Publish',
    items: [
      { to: '/console/pages', title: 'Pages' },
      { to: '/console/posts', title: 'Posts' },
    ],
  },
  {
    title: 'Community',
    items: [
      { to: '/console/comments', title: 'Comments', use: { action: 'comment.keep', on: 'Comment' } },
      {
        to: '/console/escalations',
        title: 'Passed on',
        use: { action: 'escalation.read', on: 'Escalation' },
      },
      { to: '/console/appeals', title: 'Appeals', use: { action: 'comment.keep', on: 'Comment' } },
      { to: '/console/incidents', title: 'Incidents', use: { action: 'comment.keep', on: 'Comment' } },
      { to: '/console/blocks', title: 'Blocks', use: { action: 'comment.keep', on: 'Comment' } },
      {
        to: '/console/automatic-hiding',
        title: 'Automatic hiding',
        use: { action: 'comment.keep', on: 'Comment' },
      },
      {
        to: '/console/consistency',
        title: 'Consistency',
        use: { action: 'consistency.read', on: 'Consistency' },
      },
    ],
  },
  {
    title: 'Records',
    items: [
      { to: '/console/archive', title: 'Archive', use: { action: 'record.search', on: 'Record' } },
      { to: '/console/captures', title: 'Captures', use: { action: 'record.read', on: 'Record' } },
      { to: '/console/imports', title: 'Imports', use: { action: 'import.read', on: 'Import' } },
      { to: '/console/requests', title: 'Requests', use: { action: 'request.collect', on: 'Request' } },
      {
        to: '/console/retention',
        title: 'Holds and retention',
        use: { action: 'retention.read', on: 'Retention' },
      },
      { to: '/console/log', title: 'Proofs', use: { action: 'log.configure', on: 'Log' } },
    ],
  },
  {
    title: 'Department',
    items: [
      { to: '/console/policy', title: 'Policy', use: { action: 'policy.read', on: 'Policy' } },
      { to: '/console/people', title: 'People' },
      { to: '/console/department', title: 'Settings', use: { action: 'department.edit', on: 'Department' } },
    ],
  },
]

/** The console's menu with what the policy lets this person use. Each screen asks the policy again for itself. */
export function menuFor(policy: Policy, person: Person) {
  const who = whoIs(person)
  const useful = ({ use }: MenuItem) =>
    !use || policy.decide(who, use.action, { type: use.on, id: 'any' }).allowed
  return menu
    .map(({ title, items }) => ({
      title,
      items: items.filter(useful).map((item) => ({ to: item.to, title: item.title })),
    }))
    .filter((part) => part.items.length > 0)
}
