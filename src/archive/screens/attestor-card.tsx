import { Form } from 'react-router'
import { Notice } from '../../web/components/notice.tsx'
import { When } from '../../web/components/when.tsx'

/** One that confirms the log: what it said last, what is wrong with it now, and the way to ask it no more. */
export function AttestorCard({
  one,
  zone,
  end,
}: {
  one: {
    id: string
    url: string
    detail: string
    newest: { treeSize: number; at: Date } | null
    trouble: { since: Date; lastAt: Date; problem: string } | null
  }
  zone: string
  end: 'end-authority' | 'end-witness'
}) {
  return (
    <section className="pv-card" aria-label={one.url}>
      <p className="margin-y-0">
        <strong>{one.url}</strong>
        <br />
        <span className="pv-wrap">{one.detail}</span>
      </p>
      <p>
        {one.newest ? (
          <>
            Confirmed {one.newest.treeSize.toLocaleString('en-US')}{' '}
            {one.newest.treeSize === 1 ? 'record' : 'records'}, <When at={one.newest.at} zone={zone} />
          </>
        ) : (
          'Has confirmed nothing yet.'
        )}
      </p>
      {one.trouble && (
        <Notice tone="warning">
          {one.trouble.problem} Since <When at={one.trouble.since} zone={zone} />, last tried{' '}
          <When at={one.trouble.lastAt} zone={zone} />. It is tried again by itself.
        </Notice>
      )}
      <Form method="post">
        <input type="hidden" name="id" value={one.id} />
        <button className="usa-button usa-button--outline" type="submit" name="intent" value={end}>
          Ask it no more
        </button>
      </Form>
    </section>
  )
}
