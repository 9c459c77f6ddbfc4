import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

/**
 * A proxy that lets nothing through. The browser is told to use it for everything, so whatever is not answered by us
 * (a WebSocket, a service of the browser itself) ends here instead of on the network.
 */
export async function wall(): Promise<{ address: string; close(): void }> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}`, close: () => server.close() }
}
