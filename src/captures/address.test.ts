import { expect, test } from 'vitest'
import { readAddress } from './address.ts'

test.each([
  ['https://www.example.org/news?page=2', 'https://www.example.org/news?page=2'],
  ['  www.example.org/news ', 'https://www.example.org/news'],
  ['example.org:8080/x', 'https://example.org:8080/x'],
  ['http://EXAMPLE.org', 'http://example.org/'],
  ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
])('“%s” is captured as %s', (typed, address) => {
  expect(readAddress(typed)).toEqual({ address })
})

test.each([
  ['', /Type the address/],
  ['not an address', /This is no address/],
  ['file:///etc/passwd', /Only pages of the web/],
  ['javascript:alert(1)', /Only pages of the web/],
  ['chrome://version', /Only pages of the web/],
  ['https://lee:secret@example.org/', /name or password/],
  [`https://example.org/${'x'.repeat(2_000)}`, /too long/],
])('“%s” is refused with a sentence', (typed, because) => {
  expect(readAddress(typed)).toEqual({ problem: expect.stringMatching(because) })
})
