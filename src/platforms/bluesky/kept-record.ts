/** The collection of an account's posts. */
export const posts = 'app.bsky.feed.post'

/** A record as its account's server keeps it. */
export interface Kept {
  uri: string
  cid: string
  value: Record<string, unknown>
}

/** at://did/collection/rkey */
export function partsOf(uri: string) {
  const [did = '', , rkey = ''] = uri.replace('at://', '').split('/')
  return { did, rkey }
}
export const rkeyOf = (uri: string) => partsOf(uri).rkey
