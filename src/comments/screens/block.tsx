import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { noticesOn } from '../appeal-store.ts'
import { isInForce } from '../block-store.ts'
import type { Route } from './+types/block'
import { BlockCase, BlockState } from './block-parts.tsx'
import { blockSubject } from './block-subject.ts'
import { Notices } from './notices.tsx'

export async function loader({ params, context }: Route.LoaderArgs) {
  const subject = await blockSubject(context, params.id)
  const { db } = installation(context)
  const { comment } = subject.block
  const [records, notices] = await Promise.all([
    recordsAbout(db, { kind: 'comment', id: comment }),
    noticesOn(db, comment),
  ])
  return {
    subject,
    records,
    notices: notices.filter(({ about }) => about === 'block'),
    mine: subject.block.by === signedIn(context).id,
    inForce: isInForce(subject.block, subject.now),
  }
}

export default function BlockScreen({ loaderData }: Route.ComponentProps) {
  const { subject, records, notices, mine, inForce } = loaderData
  const { block, zone, now } = subject
  const here = `/console/blocks/${block.id}`
  return (
    <>
      <PageHeading
        title={`Block of ${block.author}`}
        lead={<BlockState block={block} now={now} zone={zone} />}
      >
        {!block.agreement && !block.refusal && (
          <>
            {!mine && (
              <Link className="usa-button" to={`${here}/agreement`}>
                Agree
              </Link>
            )}
            <Link className="usa-button usa-button--outline" to={`${here}/refusal`}>
              {mine ? 'Take it back' : 'Do not agree'}
            </Link>
          </>
        )}
        {inForce && (
          <Link className="usa-button usa-button--outline" to={`${here}/end`}>
            End it now
          </Link>
        )}
        <Link className="usa-button usa-button--outline" to={`/console/comments/${block.comment}/author`}>
          The author
        </Link>
      </PageHeading>
      <BlockCase subject={subject} />
      {block.agreement && (
        <p>
          {block.agreement.byName} agreed on <When at={block.agreement.at} zone={zone} />.
        </p>
      )}
      {block.refusal && (
        <p>
          {block.refusal.byName} did not agree on <When at={block.refusal.at} zone={zone} />.{' '}
          {block.refusal.note}
        </p>
      )}
      {block.end && (
        <p>
          {block.end.byName ? `Ended by ${block.end.byName}` : 'Ended by itself'} on{' '}
          <When at={block.end.at} zone={zone} />. {block.end.note}
        </p>
      )}
      <Notices notices={notices} words={null} email={null} appeal={null} zone={zone} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}
