import { expect, test } from 'vitest'
import { wanted } from './go.ts'

const asked = (to: string) => wanted(new Request(`http://localhost/sign-in?${new URLSearchParams({ to })}`))

test('whoever signs in goes on to where they wanted to go', () => {
  expect(asked('/console/posts?state=draft#newest')).toBe('/console/posts?state=draft#newest')
  expect(asked('')).toBe('/console')
})

test.each([
  'https://other.example/console',
  '//other.example',
  '/\\other.example',
  '/\t/other.example',
  '/\r\n/other.example',
  '\t//other.example',
  '/..//other.example',
  '/.//other.example',
  '/console/../..//other.example',
  'javascript:alert(1)',
])('and never to another site: %j', (to) => {
  const place = asked(to)
  expect(new URL(place, 'http://localhost').origin).toBe('http://localhost')
  expect(place).toMatch(/^\/(?!\/)/)
})
