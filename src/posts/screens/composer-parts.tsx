import type { PagePreview } from './composer.ts'

/** Which pages the post is for. */
export function ComposerPages({
  pages,
  chosen,
  choose,
  problem,
}: {
  pages: readonly PagePreview[]
  chosen: readonly string[]
  choose: (pages: string[]) => void
  problem: string | undefined
}) {
  return (
    <fieldset className="usa-fieldset margin-top-3">
      <legend className="usa-legend">Pages</legend>
      {problem && <span className="usa-error-message">{problem}</span>}
      {pages.length === 0 && (
        <p>No page is approved yet. Register one, and ask the chief executive to approve it.</p>
      )}
      {pages.map((page) => (
        <div className="usa-checkbox" key={page.id}>
          <input
            className="usa-checkbox__input"
            id={`page-${page.id}`}
            type="checkbox"
            name="pages"
            value={page.id}
            checked={chosen.includes(page.id)}
            disabled={page.fixed}
            onChange={({ target }) =>
              choose(target.checked ? [...chosen, page.id] : chosen.filter((id) => id !== page.id))
            }
          />
          <label className="usa-checkbox__label" htmlFor={`page-${page.id}`}>
            {page.title}
            {page.fixed && ' (already there)'}
            {!page.approved && ' (not approved at the moment)'}
          </label>
        </div>
      ))}
    </fieldset>
  )
}

/** The images, each with its description, and the way to add one. */
export function ComposerImages({
  images,
  problems,
}: {
  images: readonly { id: string; src: string; alt: string }[]
  problems: Readonly<Record<string, string>>
}) {
  return (
    <fieldset className="usa-fieldset margin-top-3">
      <legend className="usa-legend">Images</legend>
      {images.map((image) => (
        <div key={image.id} className="pv-card">
          <img src={image.src} alt={image.alt || 'Not described yet'} className="maxw-card-lg" />
          <label className="usa-label" htmlFor={`alt-${image.id}`}>
            Description for people who can’t see it
          </label>
          {problems[`alt-${image.id}`] && (
            <span className="usa-error-message" id={`alt-${image.id}-problem`}>
              {problems[`alt-${image.id}`]}
            </span>
          )}
          <input
            className="usa-input"
            id={`alt-${image.id}`}
            name={`alt-${image.id}`}
            defaultValue={image.alt}
            aria-describedby={problems[`alt-${image.id}`] ? `alt-${image.id}-problem` : undefined}
          />
          <button
            className="usa-button usa-button--unstyled margin-top-1"
            type="submit"
            name="intent"
            value={`remove-image ${image.id}`}
          >
            Take this image out
          </button>
        </div>
      ))}
      <label className="usa-label" htmlFor="image">
        Add an image
      </label>
      <span className="usa-hint" id="image-hint">
        Up to 25 MB. Where and when it was taken is removed from it.
      </span>
      {problems.image && (
        <span className="usa-error-message" id="image-problem">
          {problems.image}
        </span>
      )}
      <input
        className="usa-file-input"
        id="image"
        name="image"
        type="file"
        accept="image/*"
        aria-describedby="image-hint"
      />
      <label className="usa-label" htmlFor="new-alt">
        Its description
      </label>
      <input className="usa-input" id="new-alt" name="new-alt" />
      <button
        className="usa-button usa-button--outline margin-top-1"
        type="submit"
        name="intent"
        value="add-image"
        formEncType="multipart/form-data"
      >
        Add the image
      </button>
    </fieldset>
  )
}
