import { Link } from 'react-router'
import { recordsAbout } from '../../archive/archive.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Pager } from '../../web/components/pager.tsx'
import { StepLinks } from '../../web/components/step-links.tsx'
import { Tag } from '../../web/components/tag.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { When } from '../../web/components/when.tsx'
import { installation } from '../../web/context.ts'
import { useLookAgain } from '../../web/look-again.ts'
import { openTo } from '../../web/open-to.ts'
import { asWhat } from '../disposition.ts'
import { filesOnAPage } from '../limits.ts'
import { approvalsNeeded, approvers } from '../rules.ts'
import { type Run, runFiles } from '../store.ts'
import type { Route } from './+types/disposition'
import { foundRun, zoneOf } from './found.ts'
import { RunFiles } from './run-files.tsx'
import { count, keptFor, longDay, runStates } from './wording.ts'

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: `Disposition of ${loaderData?.run.series.title.toLowerCase() ?? 'records'}` },
]

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const run = await foundRun(context, params.id)
  const { db } = installation(context)
  const number = Number(new URL(request.url).searchParams.get('page'))
  const page = Number.isInteger(number) && number > 0 && number < 100_000 ? number : 1
  const [files, records, zone] = await Promise.all([
    runFiles(db, run, page),
    recordsAbout(db, { kind: 'disposition', id: run.id }),
    zoneOf(context),
  ])
  // Without the permission the step is shown all the same: the policy then says what to get, and from whom.
  const may = openTo(context, { ...asWhat(run), permissionMissing: false }, steps)
  return { run, files, page, records, zone, may }
}

const steps = [
  'disposition.approve',
  'disposition.refuse',
  'disposition.order',
  'disposition.permit',
  'disposition.cancel',
] as const
type Step = (typeof steps)[number]

export default function Disposition({
  loaderData: { run, files, page, records, zone, may },
}: Route.ComponentProps) {
  const { counts, series, state } = run
  const { word, tone } = runStates[state]
  useLookAgain(state === 'ordered' || state === 'running')
  return (
    <>
      <PageHeading
        title={`Disposition of ${series.title.toLowerCase()}`}
        lead={`${count(counts.files - counts.excepted, 'file')} whose period was over by ${longDay(run.asOf)}.`}
      >
        <Steps run={run} may={may} />
      </PageHeading>
      <p>
        <Tag tone={tone}>{word}</Tag>
      </p>
      {(state === 'ordered' || state === 'running') && (
        <p role="status">
          <progress
            className="width-full"
            max={counts.files - counts.excepted || 1}
            value={counts.disposed}
            aria-label="Files destroyed"
          />
          <br />
          {counts.disposed.toLocaleString('en-US')} of {count(counts.files - counts.excepted, 'file')}{' '}
          destroyed. You can leave this page; it goes on by itself.
        </p>
      )}
      <dl className="pv-facts">
        <dt>Proposed</dt>
        <dd>
          {run.proposedByName}, <When at={run.proposedAt} zone={zone} />
          {run.note && <p className="text-pre-wrap">{run.note}</p>}
        </dd>
        <dt>Kept</dt>
        <dd>
          {keptFor(series)}. {series.basis}
        </dd>
        <dt>Approved</dt>
        <dd>
          {run.approvals.map((one) => (
            <div key={one.person}>
              {one.name}, <When at={one.at} zone={zone} />
            </div>
          ))}
          {state === 'proposed' && `${count(approvalsNeeded - approvers(run).length, 'approval')} to go.`}
        </dd>
        <dt>Supervisor’s permission</dt>
        <dd>
          {run.permission
            ? `${run.permission.number}, ${longDay(run.permission.grantedOn)}`
            : series.permission
              ? 'Needed, and not entered yet'
              : 'Not needed for this series'}
        </dd>
        {run.refusal && <Ended what="Refused" {...run.refusal} zone={zone} />}
        {run.cancellation && <Ended what="Cancelled" {...run.cancellation} zone={zone} />}
      </dl>
      <RunFiles run={run} files={files} zone={zone} />
      <Pager page={page} pages={Math.ceil(counts.files / filesOnAPage)} />
      <Timeline entries={records} zone={zone} />
    </>
  )
}

/** The steps that are left to this person, the next one first. */
function Steps({ run, may }: { run: Run; may: readonly Step[] }) {
  const here = `/console/retention/dispositions/${run.id}`
  const needed = run.series.permission && !run.permission
  const left: [to: string, label: string, step: Step][] = []
  if (run.state === 'proposed') left.push(['approval', 'Approve', 'disposition.approve'])
  if (run.state === 'approved') left.push(['order', 'Carry it out', 'disposition.order'])
  if (run.state === 'proposed' || run.state === 'approved') {
    if (run.series.permission)
      left.push([
        'permission',
        needed ? 'Enter the permission' : 'Correct the permission',
        'disposition.permit',
      ])
    left.push(['refusal', 'Refuse', 'disposition.refuse'])
  }
  if (['proposed', 'approved', 'ordered'].includes(run.state))
    left.push(['cancellation', 'Cancel', 'disposition.cancel'])
  if (run.state === 'finished')
    return (
      <Link className="usa-button" to={`${here}/certificate`}>
        Certificate
      </Link>
    )
  return <StepLinks at={here} steps={left.filter(([, , step]) => may.includes(step))} />
}

const Ended = ({
  what,
  byName,
  at,
  reason,
  zone,
}: {
  what: string
  byName: string
  at: Date
  reason: string
  zone: string
}) => (
  <>
    <dt>{what}</dt>
    <dd>
      {byName}, <When at={at} zone={zone} />: {reason}
    </dd>
  </>
)
