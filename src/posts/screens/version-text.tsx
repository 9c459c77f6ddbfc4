/** The words and images of a post, as reviewers read them. */
export function VersionText({
  post,
}: {
  post: { id: string; text: string; link: string | null; images: readonly { id: string; alt: string }[] }
}) {
  return (
    <div className="pv-card">
      <p className="pv-quote">{post.text || 'Nothing is written yet.'}</p>
      {post.link && (
        <p>
          <a href={post.link} rel="noreferrer">
            {post.link}
          </a>
        </p>
      )}
      {post.images.map((image) => (
        <figure key={image.id} className="margin-0">
          <img src={`/console/posts/${post.id}/images/${image.id}`} alt={image.alt} className="maxw-full" />
          <figcaption className="pv-quiet">Description: {image.alt || 'missing'}</figcaption>
        </figure>
      ))}
    </div>
  )
}
