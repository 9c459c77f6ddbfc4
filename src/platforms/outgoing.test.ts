import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { outgoing } from './outgoing.ts'

test.each([
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://10.1.2.3/',
  'http://192.168.0.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://[::ffff:127.0.0.1]/',
  'http://[fd00::1]/',
  'http://0.0.0.0/',
  'http://localhost/',
])('%s is never reached', async (address) => {
  const error = await outgoing()(address).catch((thrown) => thrown)
  expect([error.name, error.cause?.name]).toContain('PrivateAddress')
})

test('the operator may allow the own network', async () => {
  const server = createServer((request, response) => response.end(`${request.method} ${request.url}`))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const answer = await outgoing({ allowPrivate: true })(`http://127.0.0.1:${port}/here`, {
    method: 'POST',
    body: 'x',
  })
  expect(await answer.text()).toBe('POST /here')
  server.close()
})
