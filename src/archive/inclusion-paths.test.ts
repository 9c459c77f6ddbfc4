import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pathTexts } from './inclusion-paths.ts'
import { includes, inclusionPath, pathAbove, rootOf } from './merkle.ts'

const leaves = Array.from({ length: 1100 }, (_, n) => createHash('sha256').update(String(n)).digest())
const hashOf = async (from: number, to: number) => rootOf(leaves.slice(from, to))

test('the paths of a whole tile and what lies above it are the inclusion path of each leaf', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1100 }), fc.nat(), async (size, seed) => {
      const position = seed % size
      const first = position - (position % 256)
      const above = await pathAbove(first, size, 256, hashOf)
      const texts = pathTexts(leaves.slice(first, Math.min(first + 256, size)), above)
      const path = await inclusionPath(position, size, hashOf)
      expect(texts[position - first]).toBe(JSON.stringify(path.map((hash) => hash.toString('hex'))))
      expect(includes(leaves[position] as Buffer, position, size, path, rootOf(leaves.slice(0, size)))).toBe(
        true,
      )
    }),
  )
})
