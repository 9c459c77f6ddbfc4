/** The picture of a whole page, which may be very tall, in a window of its own. */
export function TallPicture({ file, of }: { file: string; of: string }) {
  return (
    <figure className="margin-x-0">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by the keyboard */}
      <section className="pv-tall-picture" tabIndex={0} aria-label="The page as it was seen">
        <img src={file} alt={of} />
      </section>
      <figcaption>
        <a href={file}>The picture in full size</a>
      </figcaption>
    </figure>
  )
}
