import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { timeZoneHere } from '../../department/department.ts'
import { Notice } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation } from '../../web/context.ts'
import { isOpen, openTo } from '../../web/open-to.ts'
import { gapsOf } from '../gap.ts'
import { asWhat } from '../registration.ts'
import type { Route } from './+types/detail'
import { foundPage } from './found-page.ts'
import { Gaps } from './gaps.tsx'
import { LeftOut } from './page-form.tsx'
import { PageStateTag } from './page-state.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const { db, platforms } = installation(context)
  const page = await foundPage(installation(context), params.id)
  const [records, zone, introduction, connection, refusal, gaps] = await Promise.all([
    recordsAbout(db, { kind: 'page', id: page.id }),
    timeZoneHere(db),
    db
      .selectFrom('page_introduction')
      .selectAll()
      .where('page', '=', page.id)
      .where('revision', '=', page.revision)
      .executeTakeFirst(),
    db.selectFrom('page_connection').select('saved_at').where('page', '=', page.id).executeTakeFirst(),
    db
      .selectFrom('page_refusal')
      .innerJoin('person', 'person.id', 'author')
      .select(['reasons', 'person.name'])
      .where('page', '=', page.id)
      .where('revision', '=', page.revision)
      .executeTakeFirst(),
    gapsOf(db, page.id),
  ])
  const platform = platforms.get(page.platform)
  return {
    page,
    records,
    gaps,
    zone,
    introduction: introduction ?? null,
    refusal: refusal ?? null,
    platformTitle: platform.title,
    needsConnection: platform.connectionFields.length > 0,
    connected: connection !== undefined,
    may: openTo(context, asWhat(page), ['page.approve', 'page.refuse', 'page.edit', 'page.connect']),
    mayCapture: isOpen(context, { type: 'Capture', id: 'any', official: true }, 'capture.order'),
  }
}

export default function PageDetail({ loaderData }: Route.ComponentProps) {
  const { page, records, gaps, zone, introduction, refusal, platformTitle, needsConnection, connected } =
    loaderData
  const { may, mayCapture } = loaderData
  const here = `/console/pages/${page.id}`
  return (
    <>
      <PageHeading title={page.title} lead={page.purpose}>
        {page.state === 'waiting' && (may.includes('page.approve') || may.includes('page.refuse')) && (
          <Link className="usa-button" to={`${here}/approval`}>
            Decide on this page
          </Link>
        )}
        {may.includes('page.edit') && (
          <Link className="usa-button usa-button--outline" to={`${here}/edit`}>
            Change
          </Link>
        )}
        {mayCapture && (
          <Link className="usa-button usa-button--outline" to={`/console/captures/new?page=${page.id}`}>
            Capture as seen
          </Link>
        )}
        {needsConnection && may.includes('page.connect') && (
          <Link className="usa-button usa-button--outline" to={`${here}/connection`}>
            {connected ? 'Change the connection' : 'Connect'}
          </Link>
        )}
      </PageHeading>
      <p>
        <PageStateTag state={page.state} />
      </p>
      {refusal && (
        <Notice tone="error">
          {refusal.name} refused this page: {refusal.reasons}
        </Notice>
      )}
      {needsConnection && !connected && (
        <Notice tone="warning">
          This page is not connected yet, so nothing can be posted.
          {may.includes('page.connect') && (
            <>
              {' '}
              <Link to={`${here}/connection`}>Connect it</Link>.
            </>
          )}
        </Notice>
      )}
      {introduction?.refused_because && <Notice tone="error">{introduction.refused_because}</Notice>}
      {introduction?.trouble && !introduction.done_at && (
        <Notice tone="warning">The introduction is not written yet: {introduction.trouble}</Notice>
      )}
      <dl className="pv-facts">
        <dt>Platform</dt>
        <dd>{platformTitle}</dd>
        <dt>Address</dt>
        <dd>
          <a href={page.address}>{page.address}</a>
          {' · '}
          <Link to={`/console/captures?of=${page.id}`}>Captures</Link>
        </dd>
        {page.scope && (
          <>
            <dt>Scope</dt>
            <dd>{page.scope}</dd>
          </>
        )}
        <dt>Audiences</dt>
        <dd>{page.audiences.join(', ') || 'Everybody'}</dd>
        <dt>Comments</dt>
        <dd>
          {page.commentPolicy === 'off'
            ? 'Not invited'
            : page.commentTopic
              ? `Invited, about ${page.commentTopic}`
              : 'Invited, on anything'}
        </dd>
      </dl>
      <h2>What the profile says</h2>
      <p className="pv-quote">{page.disclosures}</p>
      <LeftOut items={page.leftOut} />
      <Gaps gaps={gaps} zone={zone} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}
