import { Link } from 'react-router'
import { opening } from '../../opening.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { type Share, shareOf } from '../agreement.ts'
import type { Consistency } from '../consistency.ts'

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

/** "3 of 40: 7.5 % (2.6 % to 19.9 %)" */
export const shareText = ({ of, all, interval }: Share) =>
  interval
    ? `${of.toLocaleString('en-US')} of ${all.toLocaleString('en-US')}: ${percent(of / all)} (${percent(interval.from)} to ${percent(interval.to)})`
    : 'None yet'

export function Rates({ report }: { report: Consistency & { reading: string } }) {
  const { figures, reversals } = report
  const facts: [string, string][] = [
    ['Criticism of the department or officials that was removed', shareText(report.criticism)],
    ['Other comments that were removed', shareText(report.others)],
    ...(report.unknown.all > 0
      ? ([['Removed, of comments not looked at for criticism', shareText(report.unknown)]] as [
          string,
          string,
        ][])
      : []),
    ['Second looks that agreed', shareText(report.agreement)],
    ['Cohen’s kappa of second looks', report.kappa === null ? 'Not defined yet' : report.kappa.toFixed(2)],
    ['Appeals filed', String(figures.appeals)],
    ['Appeals decided for the author', shareText(reversals.appeals)],
    ['Comments shown again, for any cause', String(figures.restored)],
    ['Hidden without a person', String(figures.automatic)],
    ['Of these, shown again when a person looked', shareText(reversals.automatic)],
  ]
  return (
    <>
      <p>{report.reading}</p>
      <dl className="pv-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="pv-quiet">
        In brackets is the range that chance alone allows, at 95 % (Wilson). Rates count the last decision of
        the period about each comment that a person decided about. Kappa is 1 where both always agree and 0
        where they agree as often as by chance; half of the second looks are at removals as far as there are
        enough, so that agreement here is not agreement among all decisions. With fewer than thirty second
        looks neither number says much.
      </p>
    </>
  )
}

export function ByModerator({
  moderators,
  reasons,
}: {
  moderators: Consistency['moderators']
  reasons: (Consistency['reasons'][number] & { title: string })[]
}) {
  return (
    <>
      <DataTable
        caption="By moderator"
        columns={[
          { key: 'name', title: 'Moderator' },
          { key: 'kept', title: 'Kept' },
          { key: 'hidden', title: 'Hidden' },
          {
            key: 'share',
            title: 'Hidden, of all',
            render: (one) => shareText(shareOf(one.hidden, one.kept + one.hidden)),
          },
          {
            key: 'reversed',
            title: 'Shown again later',
            render: (one) => shareText(shareOf(one.reversed, one.hidden)),
          },
          { key: 'minutes', title: 'Median time to the decision', render: (one) => lasted(one.minutes) },
        ]}
        rows={moderators}
        empty={<p>Nobody decided about a comment in this period.</p>}
      />
      {reasons.length > 0 && (
        <DataTable
          caption="By reason and moderator"
          columns={[
            { key: 'title', title: 'Reason' },
            { key: 'moderator', title: 'Moderator' },
            { key: 'hidden', title: 'Hidden' },
            { key: 'reversed', title: 'Shown again later' },
          ]}
          rows={reasons}
        />
      )}
    </>
  )
}

const lasted = (minutes: number | null) =>
  minutes === null
    ? ''
    : minutes < 120
      ? `${Math.round(minutes)} minutes`
      : `${(minutes / 60).toFixed(1)} hours`

export function Authors({ authors, mayFollow }: { authors: Consistency['authors']; mayFollow: boolean }) {
  return (
    <DataTable
      caption="Authors whose removals stand out"
      columns={[
        {
          key: 'author',
          title: 'Author',
          render: (one) =>
            mayFollow ? <Link to={`/console/comments/${one.comment}/author`}>{one.author}</Link> : one.author,
        },
        { key: 'page', title: 'Page' },
        { key: 'removed', title: 'Removed', render: (one) => shareText(shareOf(one.removed, one.decided)) },
      ]}
      rows={authors}
      empty={
        <>
          <h2>Authors whose removals stand out</h2>
          <p>None: of nobody with three removals or more was a clearly larger share removed than of all.</p>
        </>
      }
    />
  )
}

export function Differing({
  differing,
  mayFollow,
}: {
  differing: Consistency['differing']
  mayFollow: boolean
}) {
  return (
    <>
      <h2>The same words, decided differently</h2>
      {differing.length === 0 && <p>None in this period.</p>}
      {differing.map((one) => (
        <section key={one.id} className="margin-bottom-3">
          <p className="pv-quote">{opening(one.text, 400)}</p>
          <p>
            Kept {timesOf(one.kept)}, hidden {timesOf(one.hidden)}. For example:
          </p>
          <ul>
            {one.decisions.map((each) => (
              <li key={each.comment}>
                {each.decision === 'hide' ? `Hidden for “${each.reason}”` : 'Kept'} by {each.by} on{' '}
                {each.page}, {each.at}
                {mayFollow && (
                  <>
                    {': '}
                    <Link
                      to={`/console/comments/${each.comment}`}
                      aria-label={`The comment of ${each.at} on ${each.page}`}
                    >
                      the comment
                    </Link>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

const timesOf = (count: number) => (count === 1 ? 'once' : `${count} times`)
