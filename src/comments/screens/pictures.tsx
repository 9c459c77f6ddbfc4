import { When } from '../../web/components/when.tsx'
import type { CardPicture } from '../card.ts'

/** A comment's pictures, blurred until somebody asks to see them: nobody has to look at what they did not choose to. */
export function Pictures({
  pictures,
  at,
  zone,
}: {
  pictures: readonly CardPicture[]
  /** Where they are: the address that the number of each is added to. */
  at: string
  /** For when a missing one is asked for again. */
  zone?: string
}) {
  if (pictures.length === 0) return null
  return (
    <ul className="pv-pictures add-list-reset">
      {pictures.map(({ blob, alt, missing }, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the address of a picture is its place
        <li key={number}>
          {blob ? (
            <label className="pv-veil">
              <input type="checkbox" data-key="v" />
              <span className="pv-veil-word">Show picture {pictures.length > 1 ? number + 1 : ''}</span>
              <img
                src={`${at}/${number}`}
                alt={alt || 'Without a description by its author'}
                loading="lazy"
              />
            </label>
          ) : (
            <p className="pv-quiet margin-0">
              <strong>A picture is missing.</strong> {missing?.because ?? 'The platform did not give it out.'}{' '}
              {missing?.nextAt && zone && (
                <>
                  It is asked for again, next <When at={missing.nextAt} zone={zone} />.
                </>
              )}
              {missing && !missing.nextAt && 'It was given up, and that is on record.'}
            </p>
          )}
          <p className="pv-quiet margin-0">{alt ? `Described as: ${alt}` : 'Without a description.'}</p>
        </li>
      ))}
    </ul>
  )
}
