import type { Outcome, Platform, PlatformAccount } from '../contract.ts'

const over: Outcome<never> = {
  outcome: 'refused',
  because: 'This page is on the register for its history only. Nothing can be posted to it.',
}
const nothing = { mediaType: 'application/json', content: new TextEncoder().encode('null') }

const account: PlatformAccount = {
  handle: '',
  publish: async () => over,
  find: async () => ({ outcome: 'done', value: null }),
  edit: async () => over,
  delete: async () => over,
  readProfile: async () => ({ outcome: 'done', value: { displayName: '', description: '', raw: nothing } }),
  writeProfile: async (profile) => ({ outcome: 'done', value: { ...profile, raw: nothing } }),
  pollComments: async () => ({ outcome: 'done', value: [] }),
  hideComment: async () => over,
  showComment: async () => over,
}

/** A page that the department no longer has, or has where Plainview can't post: a home for its imported history. */
export const formerPage: Platform = {
  kind: 'former',
  title: 'Former page, for its history only',
  capabilities: {
    postLength: { max: 0, unit: 'characters' },
    profileLength: { max: 5000, unit: 'characters' },
    images: { max: 0, maxBytes: 0, mediaTypes: [] },
    edit: 'no',
    delete: false,
    hideComments: false,
    comments: 'none',
    clientChosenId: false,
  },
  connectionFields: [],
  connect: async () => ({ outcome: 'done', value: account }),
}
