import { lengthOf, misfits, textFor } from '../wording.ts'
import type { PagePreview } from './composer.ts'

/** The post as each chosen page will show it, with its length there. */
export function Previews({
  pages,
  text,
  link,
  images,
}: {
  pages: readonly PagePreview[]
  text: string
  link: string
  images: readonly { id: string; src: string; alt: string; bytes: number }[]
}) {
  if (pages.length === 0)
    return <p className="pv-quiet">Choose a page to see how the post will look there.</p>
  return pages.map((page) => {
    const { max, unit } = page.capabilities.postLength
    const words = textFor(text, page.line)
    const problems = misfits(page, page.capabilities, words, images)
    return (
      <article key={page.id} className="pv-card" aria-label={`Preview for ${page.title}`}>
        <h3 className="font-heading-sm margin-top-0">{page.title}</h3>
        <p className="pv-quote">{words}</p>
        {link && <p className="text-underline">{link}</p>}
        {images.map((image) => (
          <img key={image.id} src={image.src} alt={image.alt} className="maxw-card-lg" />
        ))}
        <p className={problems.length > 0 ? 'text-bold text-error-dark' : 'pv-quiet'}>
          {lengthOf(words, unit)} of {max}
        </p>
        {problems.map((problem) => (
          <p key={problem} className="usa-error-message">
            {problem}
          </p>
        ))}
      </article>
    )
  })
}
