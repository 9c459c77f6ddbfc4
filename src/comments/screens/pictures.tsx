import type { Card } from '../card.ts'

/** A comment's pictures, blurred until somebody asks to see them: nobody has to look at what they did not choose to. */
export function Pictures({ card }: { card: Pick<Card, 'id' | 'pictures'> }) {
  if (card.pictures.length === 0) return null
  return (
    <ul className="pv-pictures add-list-reset">
      {card.pictures.map(({ blob, alt }, number) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the address of a picture is its place
        <li key={number}>
          {blob ? (
            <label className="pv-veil">
              <input type="checkbox" data-key={number === 0 ? 'v' : undefined} />
              <span className="pv-veil-word">Show picture {card.pictures.length > 1 ? number + 1 : ''}</span>
              <img
                src={`/console/comments/${card.id}/pictures/${number}`}
                alt={alt || 'Without a description by its author'}
                loading="lazy"
              />
            </label>
          ) : (
            <p className="pv-quiet margin-0">A picture that the platform did not give out.</p>
          )}
          <p className="pv-quiet margin-0">{alt ? `Described as: ${alt}` : 'Without a description.'}</p>
        </li>
      ))}
    </ul>
  )
}
