import { Form, Link } from 'react-router'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'

interface Shown {
  id: string
  title: string
  means: string
  on: { threshold: number; sample: number; byName: string; at: Date; why: string } | null
}

/** One category: whether it is hidden automatically, since when, and in whose name. */
export function Threshold({
  category: { id, title, means, on },
  mayChange,
  zone,
}: {
  category: Shown
  mayChange: boolean
  zone: string
}) {
  const address = `/console/automatic-hiding/${id}`
  return (
    <section className="pv-card margin-bottom-2" aria-label={title}>
      <h3 className="margin-top-0">
        {title} {on ? <Tag tone="warning">On</Tag> : <Tag>Off</Tag>}
      </h3>
      <p>{means}</p>
      {on && (
        <p>
          From {Math.round(on.threshold * 100)} of 100 on; a person looks at {Math.round(on.sample * 100)} of
          a hundred and at all near the threshold. Switched on by {on.byName}, <When at={on.at} zone={zone} />
          : “{on.why}”
        </p>
      )}
      {mayChange && (
        <div className="pv-actions">
          <Link className="usa-button usa-button--outline" to={address}>
            {on ? `Change “${title}”` : `Switch on for “${title}”`}
          </Link>
          {on && (
            <Form method="post" action={`${address}/end`}>
              <button className="usa-button usa-button--outline" type="submit">
                Switch off
              </button>
            </Form>
          )}
        </div>
      )}
    </section>
  )
}
