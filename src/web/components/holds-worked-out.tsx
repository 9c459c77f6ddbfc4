import { Notice } from './notice.tsx'

/** Says that what holds cover is not known of the whole archive yet; nothing when `share` (0 to 1) is all of it. */
export function HoldsWorkedOut({ share }: { share: number }) {
  if (share === 1) return null
  return (
    <Notice tone="info">
      What the newest holds cover is still being worked out for the search, {Math.floor(share * 100)} % of the
      archive so far: look again in a moment. All of it is held already.
    </Notice>
  )
}
