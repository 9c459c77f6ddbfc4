import { XRPCError } from '@atproto/api'
import type { CommentPicture } from '../contract.ts'
import { attempt } from './attempt.ts'
import type { Reply, ReplyImage } from './reply.ts'
import type { Session } from './session.ts'

/** How `readPicture` is asked for a picture again. */
interface WantedPicture extends Omit<ReplyImage, 'alt'> {
  did: string
}

/** The author's own file where its server gives it out, else the view's rendition of it. */
export async function pictureOf(
  { agent, fetch }: Session,
  { did, cid, mediaType, rendition }: WantedPicture,
): Promise<{ content: Uint8Array; mediaType: string }> {
  try {
    const { data } = await agent.com.atproto.sync.getBlob({ did, cid })
    return { content: data, mediaType }
  } catch (error) {
    if (!rendition || (error instanceof XRPCError && error.status === 429)) throw error
    const shown = await fetch(rendition)
    if (!shown.ok) throw error
    const shownType = shown.headers.get('content-type')?.split(';')[0]
    return { content: new Uint8Array(await shown.arrayBuffer()), mediaType: shownType ?? mediaType }
  }
}

/** Gets pictures; once a service asks us to wait it is asked for no other. */
export function gettingPictures(session: Session): (reply: Reply) => Promise<CommentPicture[]> {
  let busy: string | null = null
  return async ({ did, images }) => {
    const pictures: CommentPicture[] = []
    for (const { alt, ...image } of images) {
      const wanted: WantedPicture = { did, ...image }
      const had = busy ? null : await attempt(false, () => pictureOf(session, wanted))
      if (had?.outcome === 'done') pictures.push({ ...had.value, alt })
      else {
        if (had?.outcome === 'later') busy = had.because
        const because = had?.because ?? busy ?? ''
        const missing = { because, askFor: JSON.stringify(wanted) }
        pictures.push({ content: null, mediaType: image.mediaType, alt, missing })
      }
    }
    return pictures
  }
}
