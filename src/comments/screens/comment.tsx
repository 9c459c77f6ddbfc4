import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { DataTable } from '../../web/components/data-table.tsx'
import { Notice, type NoticeTone } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { isOpen } from '../../web/open-to.ts'
import { appealOn, noticesOn } from '../appeal-store.ts'
import { contactOf } from '../capture.ts'
import { wordsOfNotice } from '../notice.ts'
import { reportsOf } from '../report-store.ts'
import { similarWaiting } from '../similar.ts'
import { type DecisionMade, decisionsOn, type Effect, lastEffect, versionsOf } from '../store.ts'
import type { Route } from './+types/comment'
import { CardNotices } from './card-notices.tsx'
import { CommentText, PostOf } from './comment-text.tsx'
import { subjectOf } from './decision-subject.ts'
import { Earlier } from './earlier.tsx'
import { HintList } from './hints.tsx'
import { NextSteps } from './next-steps.tsx'
import { Notices } from './notices.tsx'
import { Reported } from './reported.tsx'
import { Reports } from './reports.tsx'
import { SimilarComments } from './similar-comments.tsx'

/** More are in the records below. */
const mostReports = 50

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await subjectOf(context, params.id)
  const here = installation(context)
  const { id } = subject.card
  const [versions, decisions, effect, records, email, notices, appeal, similar, reports] = await Promise.all([
    versionsOf(here.db, id),
    decisionsOn(here.db, id),
    lastEffect(here.db, id),
    recordsAbout(here.db, { kind: 'comment', id }),
    contactOf(here, id),
    noticesOn(here.db, id),
    appealOn(here.db, id),
    similarWaiting(here.db, subject.card),
    reportsOf(here.db, id, mostReports),
  ])
  return {
    ...subject,
    me: signedIn(context).id,
    mayAnswer: isOpen(context, { type: 'Comment', id, blockingFindings: 0 }, 'comment.answer'),
    versions,
    decisions,
    effect: effect ?? null,
    records,
    email,
    notices,
    noticeWords: notices[0] && email ? await wordsOfNotice(here, notices[0].id) : null,
    appeal: appeal?.id ?? null,
    similar,
    reports,
    reportReasons: here.policy.reports.reasons.map(({ id, title }) => ({ id, title })),
    reasons: [...here.policy.removalReasons],
    kinds: [...here.policy.escalationKinds],
  }
}

export default function CommentScreen({ loaderData }: Route.ComponentProps) {
  const { card, zone, versions, decisions, effect, records, email, notices, reasons, kinds, me } = loaderData
  const titleOf = (reason: string | null) => reasons.find(({ id }) => id === reason)?.title ?? reason ?? ''
  return (
    <>
      <PageHeading title={`Comment of ${card.authorName}`}>
        <NextSteps card={card} me={me} lastBy={decisions[0]?.by ?? null} mayAnswer={loaderData.mayAnswer} />
      </PageHeading>
      <article className="pv-card">
        <CommentText card={card} zone={zone} />
        <CardNotices card={card} reasons={reasons} kinds={kinds} me={me} />
        <Reported
          reports={card.reports}
          last={card.last}
          zone={zone}
          protectedCriticism={card.hints.protectedCriticism}
        />
        <HintList hints={card.hints} topic={card.page.topic} />
        <PostOf card={card} />
        <Earlier card={card} zone={zone} reasons={reasons} />
        <p className="margin-bottom-0">
          <Link to={`/console/posts/${card.post.id}`}>The post</Link>
          {' · '}
          <Link to={`/console/comments/${card.id}/author`}>The author</Link>
          {card.url && (
            <>
              {' · '}
              <a href={card.url}>See it there</a>
            </>
          )}
          {' · '}
          <Link to={`/console/captures/new?comment=${card.id}`}>Capture as seen</Link>
          {' · '}
          <Link to={`/console/captures?comment=${card.id}`}>Captures</Link>
          {email && ` · Left the address ${email}`}
        </p>
      </article>
      <SimilarComments copies={card.copies.count} similar={loaderData.similar} />
      {effect && <EffectWord effect={effect} />}
      {versions.length > 1 && (
        <>
          <h2>Versions</h2>
          {versions.map((one) => (
            <details key={one.version} className="margin-bottom-1">
              <summary>
                Version {one.version}, <When at={one.at} zone={zone} />
              </summary>
              <p className="pv-quote text-pre-wrap">{one.text}</p>
            </details>
          ))}
        </>
      )}
      {decisions.length > 0 && (
        <DataTable
          caption="Decisions"
          columns={[
            { key: 'decision', title: 'Decision', render: (row) => decisionWords[row.decision] },
            {
              key: 'reason',
              title: 'Reason',
              render: (row) => (row.reason ? `${titleOf(row.reason)} (${row.clause})` : ''),
            },
            {
              key: 'byName',
              title: 'By',
              render: (row) => [row.secondName, row.byName].filter(Boolean).join(' and '),
            },
            { key: 'at', title: 'When', render: (row) => <When at={row.at} zone={zone} /> },
            { key: 'note', title: 'Note' },
          ]}
          rows={decisions}
        />
      )}
      <Reports
        reports={loaderData.reports}
        count={card.reports.count}
        reasons={loaderData.reportReasons}
        zone={zone}
      />
      <Notices
        notices={notices}
        words={loaderData.noticeWords}
        email={email}
        appeal={loaderData.appeal}
        zone={zone}
      />
      <Timeline entries={records} zone={zone} />
    </>
  )
}

const decisionWords: Record<DecisionMade['decision'], string> = {
  keep: 'Kept',
  hide: 'Hidden',
  restore: 'Shown again',
  reopen: 'Taken back',
}

/** How a decision fared on the platform. */
function EffectWord({ effect }: { effect: Effect }) {
  const done = effect.effect === 'hide' ? 'hidden' : 'shown again'
  const [tone, words]: [NoticeTone, string] = effect.done_at
    ? ['success', `It is ${done} on the platform.`]
    : effect.refused_at
      ? ['error', `The platform did not carry the decision out: ${effect.refused_because}`]
      : ['info', `It is being ${done} on the platform. ${effect.trouble ?? ''}`]
  return <Notice tone={tone}>{words}</Notice>
}
