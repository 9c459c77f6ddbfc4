import type { Platform } from '../contract.ts'
import { recordingFetch } from '../wire.ts'
import { longestMessage, longestPost } from './limits.ts'
import type { Sessions } from './session.ts'
import { newTid } from './tid.ts'

/** What com.atproto.server says is about signing in: passwords, tokens, the account's e-mail address. */
const aboutSessions = /\/com\.atproto\.server\./

/** Bluesky, or any other PDS of AT Protocol. `fetch` decides which addresses may be reached. */
export function bluesky(reach: { fetch: typeof globalThis.fetch }): Platform {
  const fetch = recordingFetch(reach.fetch, aboutSessions)
  const sessions: Sessions = new Map()
  return {
    kind: 'bluesky',
    title: 'Bluesky',
    capabilities: {
      postLength: { max: longestPost, unit: 'graphemes' },
      profileLength: { max: 256, unit: 'graphemes' },
      images: { max: 4, maxBytes: 1_000_000, mediaTypes: ['image/jpeg', 'image/png', 'image/webp'] },
      edit: 'hidden-from-readers',
      delete: true,
      hideComments: true,
      comments: 'polled',
      clientChosenId: true,
      notices: { max: longestMessage, unit: 'graphemes' },
      blocks: {
        alsoDoes:
          'On Bluesky a block also keeps this person, while they are signed in, from reading the page. Hiding single comments leaves them their right to read.',
      },
    },
    connectionFields: [
      {
        name: 'service',
        label: 'Service',
        hint: 'The address of the account’s server: https://bsky.social',
        required: true,
      },
      { name: 'handle', label: 'Handle', hint: 'town-police.bsky.social', required: true },
      {
        name: 'password',
        label: 'App password',
        hint: 'Made in Bluesky under Settings, Privacy and security, App passwords. Tick “Allow access to your direct messages”: authors of removed replies are told why in a private message.',
        secret: true,
        required: true,
      },
    ],
    newClientId: () => newTid(),
    async connect(connection) {
      // Its library takes time and memory, and many a process never opens an account.
      const { openAccount } = await import('./account.ts')
      return openAccount(connection, fetch, sessions)
    },
  }
}
