import { describe, expect, test } from 'vitest'
import type { Person, Role } from '../department/department.ts'
import { loadPolicy, type Policy } from '../policy/policy.ts'
import { newId } from '../storage/ids.ts'
import { menuFor } from './menu.ts'

const policy = await loadPolicy('policy/4.37')
const titles = (person: Person, by: Policy = policy) =>
  menuFor(by, person).flatMap((part) => part.items.map((item) => item.title))
const somebody = (roles: Role[], designee = false): Person => ({
  id: newId<'person'>(),
  name: 'Sam Ortiz',
  email: 's.ortiz@millbrook.example',
  title: 'Ofc.',
  roles,
  designee,
})

describe('the menu', () => {
  const everybodys = ['Today', 'Pages', 'Posts', 'Policy', 'People']
  test.each<[Role[], boolean, string[]]>([
    [['member'], false, []],
    [['author'], false, []],
    [
      ['moderator'],
      false,
      ['Comments', 'Passed on', 'Appeals', 'Incidents', 'Blocks', 'Automatic hiding', 'Archive', 'Captures'],
    ],
    [['supervisor'], false, ['Passed on']],
    [['investigator'], false, ['Passed on']],
    [['internal-affairs'], false, ['Consistency', 'Archive', 'Captures', 'Holds and retention']],
    [
      ['records-access-officer'],
      false,
      ['Consistency', 'Archive', 'Captures', 'Imports', 'Requests', 'Proofs', 'Holds and retention'],
    ],
    [['information-services'], false, ['Imports', 'Proofs', 'Settings']],
    [
      ['chief-executive'],
      false,
      [
        'Comments',
        'Passed on',
        'Appeals',
        'Incidents',
        'Blocks',
        'Automatic hiding',
        'Consistency',
        'Archive',
        'Captures',
        'Imports',
        'Requests',
        'Proofs',
        'Holds and retention',
        'Settings',
      ],
    ],
    [
      ['member'],
      true,
      [
        'Comments',
        'Passed on',
        'Appeals',
        'Incidents',
        'Blocks',
        'Automatic hiding',
        'Consistency',
        'Archive',
        'Captures',
        'Imports',
        'Proofs',
        'Holds and retention',
        'Settings',
      ],
    ],
  ])('of %j, designee: %j, has beside what is everybody’s: %j', (roles, designee, more) => {
    expect(new Set(titles(somebody(roles, designee)))).toEqual(new Set([...everybodys, ...more]))
  })

  test('follows the rules of the pack, not a list of roles', () => {
    const closed: Policy = {
      ...policy,
      decide: (who, action, what) =>
        policy.decide(action === 'record.search' ? { kind: 'visitor' } : who, action, what),
    }
    expect(titles(somebody(['chief-executive']), closed)).not.toContain('Archive')
  })

  test('has no part without an item', () => {
    expect(menuFor(policy, somebody(['member'])).map((part) => part.title)).toEqual([
      'Work',
      'Publish',
      'Department',
    ])
  })
})
