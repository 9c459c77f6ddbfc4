import { type AtpAgent, RichText, XRPCError } from '@atproto/api'
import type { OutgoingPost } from '../contract.ts'
import { posts } from './kept-record.ts'
import { longestPost } from './limits.ts'

/** The record of a post, its pictures uploaded. */
export async function recordOf(agent: AtpAgent, post: OutgoingPost) {
  const text = post.link && post.images.length > 0 ? `${post.text}\n${post.link}` : post.text
  const rich = new RichText({ text })
  if (rich.graphemeLength > longestPost)
    throw new XRPCError(400, 'TooLong', `with its link the post has more than ${longestPost} characters`)
  rich.detectFacetsWithoutResolution()
  // Without resolving, a mention names no account; links and tags need none.
  const facets = rich.facets?.filter((facet) =>
    facet.features.every((feature) => feature.$type !== 'app.bsky.richtext.facet#mention'),
  )
  const images = []
  for (const image of post.images) {
    const { data } = await agent.uploadBlob(image.content, { encoding: image.mediaType })
    images.push({
      image: data.blob,
      alt: image.alt,
      aspectRatio: { width: image.width, height: image.height },
    })
  }
  const embed =
    images.length > 0
      ? { $type: 'app.bsky.embed.images', images }
      : post.link
        ? {
            $type: 'app.bsky.embed.external',
            external: { uri: post.link, title: new URL(post.link).hostname, description: '' },
          }
        : undefined
  return {
    $type: posts,
    text: rich.text,
    createdAt: post.createdAt.toISOString(),
    langs: ['en'],
    ...(facets && facets.length > 0 ? { facets } : {}),
    ...(embed ? { embed } : {}),
  }
}
