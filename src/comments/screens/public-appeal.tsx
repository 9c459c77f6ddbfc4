import { data } from 'react-router'
import { z } from 'zod'
import { timeZoneHere } from '../../department/department.ts'
import { longDay, readCode } from '../../requests/requests.ts'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { When } from '../../web/components/when.tsx'
import { clientAddress, installation } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { caseByCode, fileAppeal } from '../appeal.ts'
import { appealPath } from '../notice.ts'
import type { Route } from './+types/public-appeal'
import { AppealField, appealRefused } from './appeal-field.tsx'

export const handle = { scripts: false }
export const meta: Route.MetaFunction = () => [{ name: 'robots', content: 'noindex' }]
// The code in the address opens the appeal, so no cache may keep the page. No other site learns the address (server.ts);
// a stricter Referrer-Policy would hide the form's own origin, and the form would be refused.
export const headers = () => ({ 'Cache-Control': 'no-store' })

export async function loader({ params, request, context }: Route.LoaderArgs) {
  const here = installation(context)
  const found = await caseByCode(here, params.code)
  if (!found)
    throw data('No removal and no appeal has this code. Check it against the message, and try again.', {
      status: 404,
    })
  const { contested, appeal, until, inTime, stands, words } = found
  const reason = [...here.policy.removalReasons, ...here.policy.appeals.blocks.reasons].find(
    ({ id }) => id === contested.reason,
  )
  const zone = await timeZoneHere(here.db)
  return {
    isNew: new URL(request.url).searchParams.has('new'),
    code: readCode(params.code) ?? '',
    address: `${here.baseUrl}${appealPath(readCode(params.code) ?? '')}`,
    zone,
    kind: contested.kind,
    at: contested.at,
    pageTitle: contested.pageTitle,
    reason: {
      title: reason?.title ?? contested.reason,
      covers: reason?.covers ?? '',
      clause: contested.clause,
    },
    words,
    until: until && longDay(until),
    inTime,
    stands,
    days: here.policy.appeals.decideWithinBusinessDays,
    appeal: appeal && {
      text: appeal.text,
      receivedAt: appeal.receivedAt,
      due: longDay(appeal.due),
      // Who decided is on record; an author is answered by the department.
      decision: appeal.decision && {
        outcome: appeal.decision.outcome,
        reasons: appeal.decision.reasons,
        at: appeal.decision.at,
      },
    },
  }
}

const appealForm = z.object({ text: z.string().default('') })

export async function action({ params, request, context }: Route.ActionArgs) {
  const form = await readForm(request, appealForm)
  if (!form.valid) return appealRefused(form)
  const answer = await fileAppeal(
    installation(context),
    { code: params.code, ...form.value },
    clientAddress(context),
  )
  return answered(answer, (code) => `${appealPath(code)}?new`, form.value)
}

export default function PublicAppeal({ loaderData, actionData }: Route.ComponentProps) {
  const { kind, appeal, reason, words, until, inTime, days, zone } = loaderData
  const { problems = {}, typed = {}, refusal } = actionData ?? {}
  const all: Record<string, string> = refusal
    ? { form: `${refusal.because} ${refusal.wayForward}` }
    : problems
  return (
    <>
      <PageHeading title={appeal ? 'Your appeal' : `Appeal a ${kind}`} lead={standing(appeal, kind)} />
      <ErrorSummary problems={all} />
      {loaderData.isNew && (
        <div className="usa-alert usa-alert--success" role="status">
          <div className="usa-alert__body">
            <h2 className="usa-alert__heading">We have your appeal</h2>
            <p className="usa-alert__text">
              Keep this address or the code <strong>{loaderData.code}</strong>: here you read what was
              decided. {loaderData.address}
            </p>
          </div>
        </div>
      )}
      {appeal?.decision && (
        <section aria-labelledby="why">
          <h2 id="why">Why</h2>
          <p className="text-pre-wrap">{appeal.decision.reasons}</p>
          <p className="pv-quiet">
            Decided on <When at={appeal.decision.at} zone={zone} />
          </p>
        </section>
      )}
      <h2>{kind === 'removal' ? 'What was removed' : 'What was decided'}</h2>
      <p>
        {kind === 'removal' ? 'A comment' : 'A block of its author'} on “{loaderData.pageTitle}”, on{' '}
        <When at={loaderData.at} zone={zone} />. Reason: {reason.title} (policy{' '}
        <a href={`/policy#${reason.clause}`}>{reason.clause}</a>). {reason.covers}
      </p>
      {words && <p className="pv-quote text-pre-wrap">{words}</p>}
      {appeal ? (
        <>
          <h2>What you wrote</h2>
          <p className="text-pre-wrap">{appeal.text}</p>
          <p className="pv-quiet">
            Received on <When at={appeal.receivedAt} zone={zone} />
          </p>
        </>
      ) : !loaderData.stands ? (
        <p>It was taken back already. Nothing is left to appeal.</p>
      ) : inTime ? (
        <form method="post" className="usa-form maxw-tablet" noValidate>
          <p>
            You can appeal until {until}. Somebody who had no part in it decides within {days} business days.
          </p>
          <AppealField kind={kind} typed={typed.text} problem={problems.text} />
          <button type="submit" className="usa-button">
            Send the appeal
          </button>
        </form>
      ) : (
        <p>
          The days for an appeal ended on {until}. If something new has come up, write to the department: it
          can take a decision back at any time.
        </p>
      )}
    </>
  )
}

/** Where an appeal stands, in a sentence. */
function standing(
  appeal: { due: string; decision: { outcome: 'upheld' | 'reversed' } | null } | null,
  kind: 'removal' | 'block',
): string | undefined {
  if (!appeal) return undefined
  if (!appeal.decision)
    return `Somebody who had no part in it looks at it. You find the answer here by ${appeal.due}.`
  return appeal.decision.outcome === 'reversed'
    ? `You were right: ${kind === 'removal' ? 'the comment is shown again' : 'the block has ended'}.`
    : `The ${kind} stands.`
}
