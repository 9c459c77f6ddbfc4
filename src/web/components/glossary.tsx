/** What the policy means by its words. */
export function Glossary({ terms }: { terms: readonly { term: string; meaning: string }[] }) {
  if (terms.length === 0) return null
  return (
    <dl>
      {terms.map(({ term, meaning }) => (
        <div key={term} className="margin-bottom-2">
          <dt>
            <strong>{term}</strong>
          </dt>
          <dd className="margin-left-0">{meaning}</dd>
        </div>
      ))}
    </dl>
  )
}
