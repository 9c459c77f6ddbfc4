import { type AtpAgent, RichText, XRPCError } from '@atproto/api'
import type { OutgoingNotice } from '../contract.ts'
import { longestMessage } from './limits.ts'

/** Private messages are kept by one central service; the account's server passes calls on to it. */
const chat = { headers: { 'atproto-proxy': 'did:web:api.bsky.chat#bsky_chat' } }

/** A page of chat.bsky.convo.getMessages at its largest; and so many pages are looked through for our own words. */
const messagesAtOnce = 100
const pagesLookedThrough = 5

/** What a server says to an app password that may not read private messages; it is no session that has ended. */
export const lacksAccess = /^bad token (method|scope)$/i

export type Told = { conversation: string; message: string; sentAt: string } | { because: string }

/**
 * Sends the author a private message, unless these very words stand in the conversation: a notice holds a code that no
 * other has. Answers with why not, where asking again is of no use. The answers hold what the author wrote in private,
 * so none of them is kept.
 */
export async function sendMessage(
  agent: AtpAgent,
  { author, text }: Pick<OutgoingNotice, 'author' | 'text'>,
): Promise<Told> {
  const rich = new RichText({ text })
  if (rich.graphemeLength > longestMessage)
    return { because: `The notice is longer than the ${longestMessage} characters of a message there.` }
  rich.detectFacetsWithoutResolution()
  const facets = rich.facets?.filter(({ features }) =>
    features.every((feature) => feature.$type === 'app.bsky.richtext.facet#link'),
  )
  try {
    const { convo } = agent.chat.bsky
    const { data: conversation } = await convo.getConvoForMembers({ members: [author] }, chat)
    const convoId = conversation.convo.id
    const sent =
      (await messageThere(agent, convoId, rich.text)) ??
      (await convo.sendMessage({ convoId, message: { text: rich.text, facets } }, chat)).data
    return { conversation: convoId, message: sent.id, sentAt: sent.sentAt }
  } catch (error) {
    if (!(error instanceof XRPCError)) throw error
    const because = whyNot(error)
    if (because) return { because }
    // The service behind the server is away, though the server's own answer says that the call was wrong.
    throw passing.test(`${error.error} ${error.message}`)
      ? new XRPCError(503, error.error, error.message, error.headers)
      : error
  }
}

const passing = /could not resolve proxy did|InvalidConvo|convo not found/i

/** Our own message with these words, newest messages first; null when there is none. */
async function messageThere(agent: AtpAgent, convoId: string, text: string) {
  let cursor: string | undefined
  for (let page = 0; page < pagesLookedThrough; page++) {
    const { data } = await agent.chat.bsky.convo.getMessages(
      { convoId, limit: messagesAtOnce, ...(cursor ? { cursor } : {}) },
      chat,
    )
    for (const message of data.messages) {
      const { id, sentAt, sender, text: words } = message as Partial<ViewOfMessage>
      if (id && sentAt && sender?.did === agent.did && words?.trim() === text.trim()) return { id, sentAt }
    }
    cursor = data.cursor
    if (!cursor) return null
  }
  return null
}
interface ViewOfMessage {
  id: string
  sentAt: string
  sender: { did: string }
  text: string
}

/**
 * Why a message can't be sent, now or later, in a sentence; null for what may pass. Newer services give an error a name
 * (the lexicons of chat.bsky.convo), older ones only a message.
 */
export function whyNot({ error = '', message = '' }: Pick<XRPCError, 'error' | 'message'>): string | null {
  const known = reasons.find(({ names, says }) => names.includes(error) || says.test(message))
  return known?.because ?? null
}

const reasons: { names: string[]; says: RegExp; because: string }[] = [
  {
    names: ['NotFollowedBySender'],
    says: /incoming messages to come from someone they follow/i,
    because: 'The author takes private messages on Bluesky only from accounts that they follow.',
  },
  {
    names: ['MessagesDisabled'],
    says: /has disabled incoming messages/i,
    because: 'The author takes no private messages on Bluesky.',
  },
  {
    names: ['BlockedActor'],
    says: /block between recipient and sender/i,
    because: 'On Bluesky the author has blocked the page, or the page the author.',
  },
  {
    names: ['RecipientNotFound'],
    says: /recipient does not exist|account does not exist/i,
    because: 'The author’s account is not on Bluesky any more.',
  },
  {
    names: ['AccountSuspended'],
    says: /account is (suspended|disabled)/i,
    because: 'Bluesky has suspended private messages for the author’s account, or for the page’s.',
  },
  {
    names: ['ConvoLocked'],
    says: /convo is locked/i,
    because: 'The conversation with the author is locked on Bluesky.',
  },
  {
    names: [],
    says: lacksAccess,
    because:
      'The page’s app password gives no access to private messages. Make one in Bluesky with “Allow access to your direct messages”, and connect the page with it; the next notice goes out with it.',
  },
  {
    names: ['XRPCNotSupported', 'MethodNotImplemented'],
    says: /^XRPC ?Not ?Supported$/i,
    because: 'The page’s server on Bluesky carries no private messages.',
  },
]
