import { Form } from 'react-router'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { automaticFigures, reviewsWaiting, switchedOn } from '../automatic-store.ts'
import type { Route } from './+types/automatic-hiding'
import { mustModerate } from './found-comment.ts'
import { Threshold } from './threshold.tsx'

export async function loader({ context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const [open, figures, reviews, zone] = await Promise.all([
    switchedOn(here.db),
    automaticFigures(here.db),
    reviewsWaiting(here.db, 50),
    timeZoneHere(here.db),
  ])
  const may = here.policy.decide(whoIs(signedIn(context)), 'comment.automate', { type: 'Comment', id: 'any' })
  return {
    zone,
    hindrance: may.allowed ? null : `${may.because} ${may.wayForward}`,
    reviews,
    categories: here.policy.suggestions.categories.map((category) => ({
      ...category,
      on: open.find((one) => one.category === category.id) ?? null,
      figures: figures.find((one) => one.category === category.id) ?? null,
    })),
  }
}

export default function AutomaticHiding({
  loaderData: { categories, reviews, hindrance, zone },
}: Route.ComponentProps) {
  const titleOf = (category: string) => categories.find(({ id }) => id === category)?.title ?? category
  return (
    <>
      <PageHeading
        title="Automatic hiding"
        lead="Off, unless the chief executive switches it on for a category. Criticism is never hidden this way, and whoever switches it on answers for each comment."
      />
      {hindrance && <p>{hindrance}</p>}
      <h2>To look at ({reviews.length})</h2>
      {reviews.length === 0 ? (
        <EmptyState title="Nothing to look at">
          <p>A sample of what was hidden automatically, and all that was near its threshold, appears here.</p>
        </EmptyState>
      ) : (
        <ul className="add-list-reset">
          {reviews.map((one) => (
            <li key={one.decision} className="pv-card margin-bottom-2">
              <p className="margin-y-0">
                <strong>{one.author}</strong>{' '}
                <span className="pv-quiet">
                  hidden <When at={one.at} zone={zone} /> as “{titleOf(one.category)}”, score{' '}
                  {Math.round(one.score * 100)}, threshold {Math.round(one.threshold * 100)}
                </span>{' '}
                <Tag>{one.why === 'near' ? 'Near the threshold' : 'Sample'}</Tag>
              </p>
              <p className="pv-quote text-pre-wrap">{one.text}</p>
              <div className="pv-actions">
                <Form method="post" action={`/console/automatic-hiding/reviews/${one.decision}`}>
                  <button className="usa-button" type="submit">
                    It stays hidden
                  </button>
                </Form>
                <Form method="post" action={`/console/comments/${one.comment}/restoration`}>
                  <input type="hidden" name="revision" value={one.revision} />
                  <button className="usa-button usa-button--outline" type="submit">
                    Show it again
                  </button>
                </Form>
              </div>
            </li>
          ))}
        </ul>
      )}
      <h2>What became of it</h2>
      <DataTable
        caption="Comments hidden automatically"
        columns={[
          { key: 'title', title: 'Category' },
          { key: 'hidden', title: 'Hidden' },
          { key: 'agreed', title: 'A person agreed' },
          { key: 'reversed', title: 'Shown again' },
          { key: 'waiting', title: 'To look at' },
        ]}
        rows={categories.flatMap(({ title, figures }) => (figures ? [{ ...figures, title }] : []))}
        empty={
          <EmptyState title="Nothing was hidden automatically">
            <p>Every comment that was hidden was looked at by a person.</p>
          </EmptyState>
        }
      />
      <h2>Categories</h2>
      {categories.map((category) => (
        <Threshold key={category.id} category={category} mayChange={hindrance === null} zone={zone} />
      ))}
    </>
  )
}
