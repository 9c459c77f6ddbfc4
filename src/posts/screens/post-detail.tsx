import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { Notice } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { StepLinks } from '../../web/components/step-links.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { useLookAgain } from '../../web/look-again.ts'
import { isOpen, openTo } from '../../web/open-to.ts'
import { fateOf } from '../fate.ts'
import { onceItFits, type PostState } from '../store.ts'
import { headline } from '../wording.ts'
import type { Route } from './+types/post-detail'
import { Findings } from './findings.tsx'
import { PostStateTag } from './post-state.tsx'
import { reviewSubject } from './review-subject.ts'
import { VersionText } from './version-text.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const all = installation(context)
  const subject = await reviewSubject(all, params.id)
  const { id, version } = subject.post
  const [records, fate, returned, schedule, versions] = await Promise.all([
    recordsAbout(all.db, { kind: 'post', id }),
    fateOf(all.db, id),
    all.db
      .selectFrom('post_return')
      .innerJoin('person', 'person.id', 'author')
      .select(['comments', 'person.name'])
      .where('post', '=', id)
      .where('version', '<=', version)
      .orderBy('at', 'desc')
      .executeTakeFirst(),
    all.db
      .selectFrom('schedule')
      .select(['at', 'refused_because'])
      .where('post', '=', id)
      .where('version', '=', version)
      .where('cancelled_at', 'is', null)
      .where('done_at', 'is', null)
      .executeTakeFirst(),
    all.db
      .selectFrom('post_version')
      .innerJoin('person', 'person.id', 'saved_by')
      .select(['version', 'text', 'saved_at as savedAt', 'person.name'])
      .where('post', '=', id)
      .orderBy('version', 'desc')
      .execute(),
  ])
  return {
    ...subject,
    records,
    fate,
    returned: returned ?? null,
    schedule: schedule ?? null,
    versions,
    may: openTo(context, onceItFits(subject.post), steps),
    mayCapture: isOpen(context, { type: 'Capture', id: 'any', official: true }, 'capture.order'),
  }
}

const steps = [
  'post.draft',
  'post.approve',
  'post.sendBack',
  'post.publish',
  'post.schedule',
  'post.edit',
  'post.delete',
] as const
type Step = (typeof steps)[number]

export default function PostDetail({ loaderData }: Route.ComponentProps) {
  const { post, pages, records, fate, returned, schedule, versions, findings, zone } = loaderData
  const { may, mayCapture } = loaderData
  useLookAgain(post.state === 'publishing')
  return (
    <>
      <PageHeading title={headline(post.text)} lead={`By ${post.authorName}`}>
        <NextSteps post={post} may={may} />
      </PageHeading>
      <p>
        <PostStateTag state={post.state} /> {pages.map(({ title }) => title).join(', ')}
      </p>
      {returned && (post.state === 'returned' || post.state === 'draft') && (
        <Notice tone="warning">
          {returned.name} sent this back: {returned.comments}
        </Notice>
      )}
      {schedule && !schedule.refused_because && (
        <Notice tone="info">
          It will be published on <When at={schedule.at} zone={zone} />.
        </Notice>
      )}
      {schedule?.refused_because && (
        <Notice tone="error">It was not published at its time: {schedule.refused_because}</Notice>
      )}
      <VersionText post={post} />
      {(post.state === 'draft' || post.state === 'submitted') && <Findings findings={findings} />}
      {fate.length > 0 && (
        <DataTable
          caption="On the pages"
          columns={[
            { key: 'title', title: 'Page' },
            {
              key: 'words',
              title: 'State',
              render: (row) => (
                <>
                  {row.words} {row.url && row.there && <a href={row.url}>See it there</a>}
                </>
              ),
            },
            { key: 'at', title: 'Since', render: (row) => <When at={row.at} zone={zone} /> },
          ]}
          rows={fate}
        />
      )}
      {fate.some(({ url, there }) => url && there) && (
        <p>
          {mayCapture && (
            <>
              <Link to={`/console/captures/new?post=${post.id}`}>Capture as seen</Link>
              {' · '}
            </>
          )}
          <Link to={`/console/captures?post=${post.id}`}>Captures of this post</Link>
        </p>
      )}
      {versions.length > 1 && (
        <>
          <h2>Versions that were submitted</h2>
          {versions.map((one) => (
            <details key={one.version} className="margin-bottom-1">
              <summary>
                Version {one.version}, {one.name}, <When at={one.savedAt} zone={zone} />
              </summary>
              <p className="pv-quote">{one.text}</p>
            </details>
          ))}
        </>
      )}
      <Timeline entries={records} zone={zone} />
    </>
  )
}

/** What this person can do next with a post in its state. */
function NextSteps({
  post: { id, state },
  may,
}: {
  post: { id: string; state: PostState }
  may: readonly Step[]
}) {
  const next: [to: string, label: string, ...oneOf: Step[]][] = []
  if (state === 'draft' || state === 'returned') next.push(['draft', 'Go on writing', 'post.draft'])
  if (state === 'submitted') next.push(['approval', 'Review', 'post.approve', 'post.sendBack'])
  if (state === 'approved' || state === 'refused') next.push(['publication', 'Publish now', 'post.publish'])
  if (state === 'approved' || state === 'scheduled')
    next.push(['schedule', state === 'scheduled' ? 'Change the time' : 'Choose a time', 'post.schedule'])
  if (state === 'scheduled') next.push(['publication', 'Publish now', 'post.publish'])
  if (!['draft', 'returned', 'deleted'].includes(state)) next.push(['draft', 'Change', 'post.edit'])
  if (state !== 'deleted') next.push(['deletion', 'Delete', 'post.delete'])
  const open = next.filter(([, , ...oneOf]) => oneOf.some((step) => may.includes(step)))
  return <StepLinks at={`/console/posts/${id}`} steps={open} />
}
