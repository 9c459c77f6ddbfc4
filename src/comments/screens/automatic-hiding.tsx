import { Fragment } from 'react'
import { Link } from 'react-router'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { EmptyState } from '../../web/components/empty-state.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { reviewDue } from '../automatic.ts'
import { automaticFigures, reviewsInAll, reviewsWaiting, switchedOn } from '../automatic-store.ts'
import type { Route } from './+types/automatic-hiding'
import { mustModerate } from './found-comment.ts'
import { ReviewChoice } from './review-choice.tsx'
import { Threshold } from './threshold.tsx'

const most = 20
const reviewed = { agreed: 'You agreed: it stays hidden.', shown: 'It is shown again.' }

export async function loader({ request, context }: Route.LoaderArgs) {
  mustModerate(context)
  const here = installation(context)
  const word = new URL(request.url).searchParams.get('reviewed')
  const [open, figures, reviews, inAll, zone] = await Promise.all([
    switchedOn(here.db),
    automaticFigures(here.db),
    reviewsWaiting(here.db, most),
    reviewsInAll(here.db),
    timeZoneHere(here.db),
  ])
  const may = here.policy.decide(whoIs(signedIn(context)), 'comment.automate', { type: 'Comment', id: 'any' })
  return {
    zone,
    hindrance: may.allowed ? null : `${may.because} ${may.wayForward}`,
    reviews: reviews.map((one) => ({ ...one, due: reviewDue(here, one.at) })),
    inAll: inAll.count,
    word: word === 'agreed' || word === 'shown' ? reviewed[word] : null,
    categories: here.policy.suggestions.categories.map((category) => ({
      ...category,
      on: open.find((one) => one.category === category.id) ?? null,
      figures: figures.find((one) => one.category === category.id) ?? null,
    })),
  }
}

export default function AutomaticHiding({
  loaderData: { categories, reviews, inAll, word, hindrance, zone },
}: Route.ComponentProps) {
  const titleOf = (category: string) => categories.find(({ id }) => id === category)?.title ?? category
  return (
    <>
      <PageHeading
        title="Automatic hiding"
        lead="Off, unless the chief executive switches it on for a category. Criticism is never hidden this way, and whoever switches it on answers for each comment."
      />
      {word && (
        <div className="usa-alert usa-alert--success usa-alert--slim" role="status">
          <div className="usa-alert__body">
            <p className="usa-alert__text">{word}</p>
          </div>
        </div>
      )}
      <h2>To look at ({inAll})</h2>
      {reviews.length === 0 ? (
        <EmptyState title="Nothing to look at">
          <p>A sample of what was hidden automatically, and all that was near its threshold, appears here.</p>
        </EmptyState>
      ) : (
        <ul className="add-list-reset">
          {reviews.map((one) => (
            <li key={one.decision} className="pv-card margin-bottom-2">
              <p className="margin-y-0">
                <Link to={`/console/automatic-hiding/reviews/${one.decision}`}>
                  A comment of {one.author}
                </Link>{' '}
                <Tag>{one.why === 'near' ? 'Near the threshold' : 'Sample'}</Tag>
                <span className="pv-quiet display-block">
                  Hidden as “{titleOf(one.category)}”, score {Math.round(one.score * 100)}, threshold{' '}
                  {Math.round(one.threshold * 100)}. Due <When at={one.due} zone={zone} />
                </span>
              </p>
              <p className="pv-quote text-pre-wrap">{one.text}</p>
              <ReviewChoice
                revision={one.revision}
                at={`/console/automatic-hiding/reviews/${one.decision}`}
              />
            </li>
          ))}
        </ul>
      )}
      {inAll > reviews.length && <p className="pv-quiet">The oldest {reviews.length} are shown.</p>}
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
      {hindrance && <p>{hindrance}</p>}
      {categories
        .filter(({ never }) => !never)
        .map((category) => (
          <Threshold key={category.id} category={category} mayChange={hindrance === null} zone={zone} />
        ))}
      <h3>Never hidden automatically</h3>
      <dl className="pv-facts">
        {categories
          .filter(({ never }) => never)
          .map(({ id, title, never }) => (
            <Fragment key={id}>
              <dt>{title}</dt>
              <dd>{never}</dd>
            </Fragment>
          ))}
      </dl>
    </>
  )
}
