/** Graphemes of a post (app.bsky.feed.post). */
export const longestPost = 300
/** Graphemes of a private message: chat.bsky.convo.defs#messageInput takes no more. */
export const longestMessage = 1000
