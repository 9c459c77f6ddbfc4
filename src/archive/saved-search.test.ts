import { expect, test } from 'vitest'
import { testInstallation } from '../../test/installation.ts'
import { newId } from '../storage/ids.ts'
import { appendMany, sequence } from './archive.ts'
import {
  checkSavedSearches,
  deleteSearch,
  newMatches,
  readSearch,
  savedSearches,
  saveSearch,
} from './saved-search.ts'

const { db, policy, logKey } = await testInstallation()
const now = new Date('2031-05-01T12:00:00Z')

async function officer(roles = ['records-access-officer']) {
  const id = newId<'person'>()
  await db
    .insertInto('person')
    .values({ id, name: 'Dana Whitfield', email: `${id}@example.org`, roles } as never)
    .execute()
  return { kind: 'person' as const, id, name: 'Dana Whitfield', roles, designee: false }
}
async function logged(...words: string[]) {
  await appendMany(
    db,
    words.map((one) => ({
      kind: 'post.publication',
      subject: { kind: 'post', id: newId() },
      by: { kind: 'system' as const },
      content: {},
      words: one,
    })),
  )
  await sequence(db, logKey)
}
const save = async (person: string, name: string, words: string, alerts = true) => {
  const answer = await saveSearch(db, {
    person,
    name,
    address: '/console/archive?words=x',
    query: { words, from: new Date(0) },
    alerts,
    now,
  })
  if ('problem' in answer) throw new Error(answer.problem)
  return answer.saved
}

test('a saved search tells of records that came since it was saved, once each, until it is run', async () => {
  const dana = await officer()
  await logged('Mill Street is closed')
  const id = await save(dana.id, 'Mill Street', '"mill street"')
  await checkSavedSearches(db, now)
  expect(await newMatches(db, dana, policy)).toEqual([])
  await logged('Mill Street is open', 'A parade', 'Flood on Mill Street')
  await checkSavedSearches(db, now)
  await checkSavedSearches(db, now)
  expect(await newMatches(db, dana, policy)).toMatchObject([
    { title: '2 new records match ‘Mill Street’', at: now },
  ])
  await logged('Mill Street again')
  await checkSavedSearches(db, now)
  expect(await savedSearches(db, dana.id)).toMatchObject([{ newMatches: 3 }])
  expect(await readSearch(db, dana.id, id)).toBe('/console/archive?words=x')
  expect(await newMatches(db, dana, policy)).toEqual([])
})
test('one that does not alert counts nothing, and nobody touches another one’s searches', async () => {
  const [dana, other] = [await officer(), await officer()]
  const id = await save(dana.id, 'Quiet', 'storm', false)
  await logged('A storm')
  await checkSavedSearches(db, now)
  expect(await savedSearches(db, dana.id)).toMatchObject([{ newMatches: 0 }])
  expect(await readSearch(db, other.id, id)).toBeNull()
  await deleteSearch(db, other.id, id)
  expect(await savedSearches(db, dana.id)).toHaveLength(1)
  expect(await savedSearches(db, other.id)).toEqual([])
  await deleteSearch(db, dana.id, id)
  expect(await savedSearches(db, dana.id)).toEqual([])
})
test('whoever may not search any more is told nothing', async () => {
  const dana = await officer()
  await save(dana.id, 'Storms', 'storm')
  await logged('Another storm')
  await checkSavedSearches(db, now)
  expect(await newMatches(db, dana, policy)).toHaveLength(1)
  expect(await newMatches(db, { ...dana, roles: [] }, policy)).toEqual([])
})
test('a name is needed, and each only once', async () => {
  const dana = await officer()
  await save(dana.id, 'Storms', 'storm')
  const again = { person: dana.id, address: '', query: {}, alerts: true, now }
  expect(await saveSearch(db, { ...again, name: ' ' })).toHaveProperty('problem')
  expect(await saveSearch(db, { ...again, name: 'Storms' })).toEqual({
    problem: 'You have a search called “Storms” already. Choose another name, or delete that one.',
  })
})
