import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { smallPack } from '../../test/small-pack.ts'
import { asTable, measure, readPosts } from './measure.ts'
import { loadPolicy } from './policy.ts'

const policy = await loadPolicy('policy/4.37')

async function written(text: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'plainview-posts-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'posts.jsonl')
  await writeFile(file, text)
  return file
}

test('precision counts what was named wrongly, recall what was missed', async () => {
  const other = await loadPolicy(await smallPack())
  const measured = measure(other, [
    { id: 'found', text: 'A banana.', expect: ['fruit'] },
    { id: 'missed', text: 'A plantain.', expect: ['fruit'] },
    { id: 'missed too', text: 'An apple.', expect: ['fruit'] },
    { id: 'false alarm', text: 'Banana Street is closed.', expect: [] },
    { id: 'clean', text: 'Main Street is closed.', expect: [] },
  ])
  expect(measured.overall).toEqual({ found: 1, wrong: 1, missed: 2, precision: 0.5, recall: 1 / 3, f1: 0.4 })
  expect(measured).toMatchObject({ clean: 2, wronglyStopped: 1 })
  expect(measured.mistakes.map(({ post }) => post.id)).toEqual(['missed', 'missed too', 'false alarm'])
  expect(asTable('Fruit', measured)).toMatch(/fruit +0\.50 +0\.33 +0\.40 +1 +1 +2\n/)
})

test('a label that the pack does not know is refused', () => {
  expect(() => measure(policy, [{ id: 'one', text: 'A text.', expect: ['gilt'] }])).toThrow(
    'The post "one" expects "gilt", which is no category of this pack.',
  )
})

test.each([
  ['no JSON', '{"id":"a","text":"b","expect":[]}\nguilty\n', /line 2: write \{"id"/],
  ['no labels', '{"id":"a","text":"b"}', /line 1: write/],
  ['a misspelled field', '{"id":"a","text":"b","expected":[]}', /line 1: write/],
])('a file of posts with %s is refused, with its line', async (_what, text, sentence) => {
  await expect(readPosts(await written(text))).rejects.toThrow(sentence)
})
test('a file of posts that is not there is refused, with its name', async () => {
  await expect(readPosts('/nowhere/posts.jsonl')).rejects.toThrow(/^\/nowhere\/posts\.jsonl: can't be read/)
})
