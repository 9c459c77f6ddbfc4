import type { ConversationOrder } from '../../comments/comments.ts'

/** The address of a page of comments; what is usual is left out. */
const addressOf = (here: string, order: ConversationOrder, after: string | null = null) => {
  const query = new URLSearchParams({
    ...(order === 'newest' ? {} : { order }),
    ...(after ? { after } : {}),
  })
  return `${here}${query.size > 0 ? `?${query}` : ''}#comments`
}

const orders: [ConversationOrder, string][] = [
  ['newest', 'Newest first'],
  ['oldest', 'Oldest first'],
]

/** In which order the threads stand: plain links, and the order is in the address. */
export function OrderOfComments({ here, order }: { here: string; order: ConversationOrder }) {
  return (
    <nav aria-label="Order of comments">
      <ul className="pv-order">
        {orders.map(([one, title]) => (
          <li key={one}>
            {one === order ? (
              <strong aria-current="true">{title}</strong>
            ) : (
              <a href={addressOf(here, one)}>{title}</a>
            )}
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** The way to the next page of threads, and back to the first. */
export function MoreComments({
  here,
  order,
  later,
  next,
}: {
  here: string
  order: ConversationOrder
  /** This is not the first page. */
  later: boolean
  next: string | null
}) {
  if (!later && !next) return null
  const [beginning, more] =
    order === 'newest' ? ['Newest comments', 'Older comments'] : ['Oldest comments', 'Newer comments']
  return (
    <nav aria-label="More comments" className="display-flex flex-justify margin-top-2">
      {later ? <a href={addressOf(here, order)}>{beginning}</a> : <span />}
      {next && <a href={addressOf(here, order, next)}>{more}</a>}
    </nav>
  )
}
