import { Link } from 'react-router'
import { readRecord, recordsAbout } from '../../archive/archive.ts'
import { timeZoneHere } from '../../department/department.ts'
import { Notice } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { TallPicture } from '../../web/components/tall-picture.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { useLookAgain } from '../../web/look-again.ts'
import type { Route } from './+types/detail'
import { CaptureStateTag } from './capture-state.tsx'
import { foundCapture } from './found-capture.ts'

export async function loader({ params, context }: Route.LoaderArgs) {
  const capture = await foundCapture(context, params.id)
  const { db } = installation(context)
  const [records, zone, record] = await Promise.all([
    recordsAbout(db, { kind: 'capture', id: capture.id }),
    timeZoneHere(db),
    capture.record && readRecord(db, capture.record),
  ])
  return {
    capture,
    records,
    picture: (record || null)?.blobs.find(({ role }) => role === 'screenshot')?.sha256 ?? null,
    zone,
  }
}

export default function CaptureDetail({ loaderData }: Route.ComponentProps) {
  const { capture, records, picture, zone } = loaderData
  const { state, address, title, reason, record, failedBecause } = capture
  const open = state === 'waiting' || state === 'running'
  useLookAgain(open)
  return (
    <>
      <PageHeading title={title || 'Capture of a page'} lead={<span className="text-break">{address}</span>}>
        {record && (
          <a className="usa-button" href={`/console/archive/${record}/capture.wacz`} download>
            Download the capture (WACZ)
          </a>
        )}
        {record && (
          <Link className="usa-button usa-button--outline" to={`/console/archive/${record}`}>
            Its record
          </Link>
        )}
        {state === 'failed' && (
          <Link className="usa-button" to={`/console/captures/${capture.id}/attempt`}>
            Try again
          </Link>
        )}
      </PageHeading>
      <p>
        <CaptureStateTag state={state} />
      </p>
      {failedBecause && <Notice tone="error">{failedBecause}</Notice>}
      {open && (
        <p role="status">
          A browser opens the page and scrolls through it, for a minute and a half at most. This goes on by
          itself; you can leave this page.{' '}
          <noscript>
            <a href={`/console/captures/${capture.id}`}>Look again</a>
          </noscript>
        </p>
      )}
      <dl className="pv-facts">
        <dt>Asked for by</dt>
        <dd>
          {capture.askedByName}, <When at={capture.askedAt} zone={zone} />
        </dd>
        {reason && (
          <>
            <dt>Why</dt>
            <dd>{reason}</dd>
          </>
        )}
        <Of capture={capture} />
      </dl>
      {record && picture && (
        <TallPicture
          file={`/console/archive/${record}/files/${picture}`}
          of={`Screenshot of ${title || address}`}
        />
      )}
      {record && (
        <p>
          The file replays the page with its links and pictures, without the network: open it on{' '}
          <a href="https://replayweb.page">ReplayWeb.page</a>, which keeps it in your browser and sends it
          nowhere. <code>npx plainview verify</code> checks it.
        </p>
      )}
      <Timeline entries={records} zone={zone} />
    </>
  )
}

function Of({
  capture: { page, post, comment },
}: {
  capture: Route.ComponentProps['loaderData']['capture']
}) {
  const [to, what] = comment
    ? [`/console/comments/${comment}`, 'A comment on a page of the department']
    : post
      ? [`/console/posts/${post}`, 'A post of the department']
      : page
        ? [`/console/pages/${page}`, 'A page of the department']
        : [null, 'Not one of the department’s pages']
  return (
    <>
      <dt>Shows</dt>
      <dd>{to ? <Link to={to}>{what}</Link> : what}</dd>
    </>
  )
}
