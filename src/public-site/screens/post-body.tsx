import { When } from '../../web/components/when.tsx'
import type { PublicPost } from '../store.ts'
import { Linked } from './linked.tsx'

/** A post of the department: when, its words, its link and images. */
export function PostBody({ post, zone, href }: { post: PublicPost; zone: string; href?: string }) {
  return (
    <>
      <p className="pv-quiet margin-top-0">
        {href ? (
          <a href={href}>
            <When at={post.publishedAt} zone={zone} />
          </a>
        ) : (
          <When at={post.publishedAt} zone={zone} />
        )}
        {post.editedAt && (
          <>
            {' '}
            (changed <When at={post.editedAt} zone={zone} />)
          </>
        )}
      </p>
      <p className="text-pre-wrap pv-post-text">
        <Linked text={post.text} />
      </p>
      {post.link && (
        <p>
          <a href={post.link}>{post.link}</a>
        </p>
      )}
      {post.images.map((image) => (
        <img
          key={image.blob}
          className="pv-image margin-bottom-1"
          src={`/images/${image.blob}`}
          alt={image.alt}
          width={image.width}
          height={image.height}
          loading="lazy"
        />
      ))}
    </>
  )
}
