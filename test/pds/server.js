// A PDS on a free port with two accounts. It prints where it is in one line, and ends when its input does.
import { TestNetworkNoAppView } from '@atproto/dev-env'

const network = await TestNetworkNoAppView.create({})
const accounts = []
for (const name of ['millbrook', 'riley-visits']) {
  const handle = `${name}.test`
  const password = `${name}-password`
  const { data } = await network.pds
    .getAgent()
    .com.atproto.server.createAccount({ email: `${name}@example.com`, handle, password })
  accounts.push({ handle, password, did: data.did })
}
// Where private messages go is looked up before it is asked whether they may; nobody answers there.
const chat = 'did:web:api.bsky.chat'
await network.pds.ctx.idResolver.did.cache.cacheDid(chat, {
  '@context': ['https://www.w3.org/ns/did/v1'],
  id: chat,
  service: [{ id: '#bsky_chat', type: 'BskyChatService', serviceEndpoint: 'https://chat.invalid' }],
})
console.log(JSON.stringify({ url: network.pds.url, accounts }))
process.stdin.resume()
process.stdin.on('end', async () => {
  await network.close()
  process.exit(0)
})
