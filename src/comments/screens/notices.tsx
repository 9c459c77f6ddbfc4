import { Link } from 'react-router'
import { When } from '../../web/components/when.tsx'

export interface NoticeLine {
  id: string
  about: 'removal' | 'block' | 'upheld' | 'reversed'
  way: 'page' | 'platform' | 'none'
  whyNone: string | null
  at: Date
  doneAt: Date | null
  refusedBecause: string | null
  trouble: string | null
}

const subjects = {
  removal: 'the removal',
  block: 'the block',
  upheld: 'the answer to the appeal',
  reversed: 'the answer to the appeal',
}

/** Where they read it on the department's own page. */
const onThePage = {
  removal: 'it stands in place of the comment, with a code for the browser it was written with.',
  block: 'whoever writes with this browser is told so, with a code for the appeal.',
  upheld: 'it stands where the code of the appeal leads.',
  reversed: 'it stands where the code of the appeal leads.',
}

/** What the author of a comment was told about its removal, how, and the appeal that came of it. */
export function Notices({
  notices,
  words,
  email,
  appeal,
  zone,
}: {
  notices: readonly NoticeLine[]
  /** The newest notice in full, to be sent by hand where nothing else carries it. */
  words: string | null
  email: string | null
  appeal: string | null
  zone: string
}) {
  if (notices.length === 0) return null
  return (
    <section aria-labelledby="notices">
      <h2 id="notices">What the author was told</h2>
      <ul className="usa-list margin-bottom-2">
        {notices.map((one) => (
          <li key={one.id}>
            Of {subjects[one.about]}: {fate(one)} <When at={one.doneAt ?? one.at} zone={zone} />
          </li>
        ))}
      </ul>
      {words && email && (
        <details className="margin-bottom-2">
          <summary>Write to {email} yourself</summary>
          <p>The author left this address. Send them these words; the code in them is theirs alone.</p>
          <p className="pv-quote">{words}</p>
        </details>
      )}
      {appeal && (
        <p>
          <Link to={`/console/appeals/${appeal}`}>The appeal against it</Link>
        </p>
      )}
    </section>
  )
}

function fate({ about, way, whyNone, doneAt, refusedBecause, trouble }: NoticeLine): string {
  if (way === 'page') return onThePage[about]
  if (way === 'none')
    return `no notice could be carried. ${whyNone} They can appeal by the comment’s address.`
  if (doneAt) return 'the platform carried a private message.'
  if (refusedBecause)
    return `no notice was carried: ${refusedBecause} They can appeal by the comment’s address.`
  return `a private message is on its way. ${trouble ?? ''}`
}
