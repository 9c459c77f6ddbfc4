import type { ReactNode } from 'react'
import { Form, Link } from 'react-router'
import type { Denied } from '../../policy/policy.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Notice } from '../../web/components/notice.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { When } from '../../web/components/when.tsx'
import type { Block } from '../block-store.ts'
import type { BlockSubject } from './block-subject.ts'

/** Where a block stands, in a word. */
export function BlockState({
  block: { agreement, refusal, end },
  now,
  zone,
}: {
  block: Pick<Block, 'agreement' | 'refusal' | 'end'>
  now: Date
  zone: string
}) {
  if (refusal) return <Tag>Not agreed to</Tag>
  if (!agreement) return <Tag tone="warning">Waits for a second person</Tag>
  if (end) return <Tag>{endings[end.cause]}</Tag>
  if (agreement.endsAt <= now) return <Tag>Ended on its day</Tag>
  return (
    <>
      <Tag tone="error">Blocked</Tag> until <When at={agreement.endsAt} zone={zone} />
    </>
  )
}

const endings = { date: 'Ended on its day', lifted: 'Ended early', appeal: 'Ended after an appeal' }

/** What a block is for, on what it rests, and who wants it. */
export function BlockCase({
  subject: { block, reason, grounds, alsoDoes, zone },
}: {
  subject: BlockSubject
}) {
  return (
    <>
      <dl className="pv-facts">
        <dt>Page</dt>
        <dd>{block.pageTitle}</dd>
        <dt>Reason</dt>
        <dd>
          {reason.title} (<a href={`/console/policy/${block.clause}`}>{block.clause}</a>). {reason.covers}
        </dd>
        <dt>For</dt>
        <dd>{block.days} days</dd>
        <dt>Proposed by</dt>
        <dd>
          {block.byName}, <When at={block.at} zone={zone} />
        </dd>
        <dt>Why hiding single comments is not enough</dt>
        <dd className="text-pre-wrap">{block.narrower}</dd>
      </dl>
      <Narrower alsoDoes={alsoDoes} />
      <h2>Removals that it rests on</h2>
      <p>
        {block.grounds} {block.grounds === 1 ? 'removal' : 'removals'} stood when it was proposed. Standing
        now:
      </p>
      <ul className="usa-list">
        {grounds.map((one) => (
          <li key={one.id}>
            <Link to={`/console/comments/${one.comment}`}>{one.opening}</Link> {one.reason},{' '}
            <When at={one.at} zone={zone} />
          </li>
        ))}
      </ul>
    </>
  )
}

/** What a block does beside what it is for, said before anybody decides. */
export function Narrower({ alsoDoes }: { alsoDoes: string }) {
  return (
    <Notice tone="warning">
      Blocking keeps a person out of a public forum, also with what they may say. Hide single comments as long
      as that is enough. {alsoDoes}
    </Notice>
  )
}

/** One step about a block by itself: agreeing, refusing, ending. */
export function BlockStep({
  title,
  lead,
  button,
  note,
  subject,
  reply,
  children,
}: {
  title: string
  lead: string
  button: string
  /** The label of the note, where there is one. */
  note?: string
  subject: BlockSubject
  reply:
    | { refusal: Denied | null; problems: Record<string, string>; typed: Record<string, string> }
    | undefined
  children?: ReactNode
}) {
  return (
    <>
      <PageHeading title={title} lead={lead} />
      {reply?.refusal && <Refusal decision={reply.refusal} />}
      <ErrorSummary problems={reply?.problems ?? {}} />
      <BlockCase subject={subject} />
      <Form method="post" className="maxw-tablet">
        {children}
        {note && (
          <Field
            label={note}
            name="note"
            hint="It is on record."
            defaultValue={reply?.typed.note}
            problem={reply?.problems.note}
            multiline
            rows={2}
          />
        )}
        <button className="usa-button margin-top-2" type="submit">
          {button}
        </button>
        <Link className="usa-button usa-button--outline" to={`/console/blocks/${subject.block.id}`}>
          Leave it as it is
        </Link>
      </Form>
    </>
  )
}
