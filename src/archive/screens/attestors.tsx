import { data, Form, redirect } from 'react-router'
import { timeZoneHere, whoIs } from '../../department/department.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { Timeline } from '../../web/components/timeline.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { recordsAbout } from '../archive.ts'
import { askAuthorities, askWitnesses } from '../attest.job.ts'
import { authorities, witnesses } from '../attestation-store.ts'
import { type AttestorAnswer, addAuthority, addWitness, endAttestor } from '../attestors.ts'
import type { Route } from './+types/attestors'
import { AttestorCard } from './attestor-card.tsx'

export const meta: Route.MetaFunction = () => [{ title: 'Proofs' }]

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy, logKey } = installation(context)
  const decision = policy.decide(whoIs(signedIn(context)), 'log.configure', { type: 'Log', id: logKey.name })
  if (!decision.allowed) return { refusal: decision, found: null }
  const [zone, asked, watching, about] = await Promise.all([
    timeZoneHere(db),
    authorities(db),
    witnesses(db),
    recordsAbout(db, { kind: 'log', id: logKey.name }),
  ])
  return {
    refusal: null,
    found: {
      zone,
      authorities: asked.map(({ id, url, everyHours, ca, newest, trouble }) => ({
        id,
        url,
        detail: `Every ${everyHours === 1 ? 'hour' : `${everyHours} hours`}, ${ca ? 'checked against the certificates given' : 'its certificate is not checked against any'}`,
        newest,
        trouble,
      })),
      witnesses: watching.map(({ id, url, verifier, newest, trouble }) => ({
        id,
        url,
        detail: verifier,
        newest,
        trouble,
      })),
      about,
    },
  }
}

export async function action({ request, context }: Route.ActionArgs) {
  const here = installation(context)
  const who = whoIs(signedIn(context))
  const form = await formOf(request)
  const text = (name: string) => String(form.get(name) ?? '').slice(0, 100_000)
  const typed = { url: text('url'), hours: text('hours'), ca: text('ca'), verifier: text('verifier') }
  const intent = text('intent')
  const answer: AttestorAnswer =
    intent === 'authority'
      ? await addAuthority(here, who, typed)
      : intent === 'witness'
        ? await addWitness(here, who, typed)
        : await endAttestor(here, who, intent === 'end-authority' ? 'authority' : 'witness', text('id'))
  if ('denied' in answer)
    return data({ refusal: answer.denied, problems: {}, typed, intent }, { status: 403 })
  if ('problems' in answer)
    return data({ refusal: null, problems: answer.problems, typed, intent }, { status: 422 })
  // Asked at once, so that a wrong address is seen now and not tomorrow.
  if (intent === 'authority') await askAuthorities(here)
  if (intent === 'witness') await askWitnesses(here)
  throw redirect('/console/log')
}

export default function Attestors({ loaderData, actionData }: Route.ComponentProps) {
  const { found } = loaderData
  const refusal = loaderData.refusal ?? actionData?.refusal
  if (!found)
    return (
      <>
        <PageHeading title="Proofs" />
        {refusal && <Refusal decision={refusal} />}
      </>
    )
  const problems: Record<string, string> = actionData?.problems ?? {}
  const typed = (intent: string, name: 'url' | 'hours' | 'ca' | 'verifier', otherwise = '') =>
    actionData?.intent === intent ? actionData.typed[name] : otherwise
  const problem = (intent: string, name: string) =>
    actionData?.intent === intent ? problems[name] : undefined
  return (
    <>
      <PageHeading
        title="Proofs"
        lead="Who outside confirms the log of records. Whoever owns this machine can rewrite it; what others have confirmed can’t be rewritten."
      >
        <a className="usa-button usa-button--outline" href="/log">
          The public log
        </a>
      </PageHeading>
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <h2>Time authorities</h2>
      {found.authorities.length === 0 && <p>None is asked. A timestamp shows by when a record existed.</p>}
      {found.authorities.map((one) => (
        <AttestorCard key={one.id} one={one} zone={found.zone} end="end-authority" />
      ))}
      <details key={`authorities ${found.authorities.length}`} open={actionData?.intent === 'authority'}>
        <summary>Add a time authority</summary>
        <Form method="post" className="measure-5">
          <Field
            label="Address"
            name="url"
            required
            hint="Of its service for RFC 3161, like https://timestamp.example.com/tsr"
            defaultValue={typed('authority', 'url')}
            problem={problem('authority', 'url')}
          />
          <Field
            label="Hours between two timestamps"
            name="hours"
            inputMode="numeric"
            defaultValue={typed('authority', 'hours', '24')}
            problem={problem('authority', 'hours')}
          />
          <Field
            label="Certificates it has to lead to"
            name="ca"
            multiline
            rows={5}
            hint="The authority’s root certificates, in PEM. Without them its word is kept, and shown as unchecked."
            defaultValue={typed('authority', 'ca')}
            problem={problem('authority', 'ca')}
          />
          <button className="usa-button margin-top-2" type="submit" name="intent" value="authority">
            Add it, and ask it now
          </button>
        </Form>
      </details>
      <h2>Witnesses</h2>
      {found.witnesses.length === 0 && (
        <p>
          None is asked. A witness is another department, a library or a newspaper that runs{' '}
          <code>npx plainview witness</code>, and watches that this log only grows.
        </p>
      )}
      {found.witnesses.map((one) => (
        <AttestorCard key={one.id} one={one} zone={found.zone} end="end-witness" />
      ))}
      <details key={`witnesses ${found.witnesses.length}`} open={actionData?.intent === 'witness'}>
        <summary>Add a witness</summary>
        <Form method="post" className="measure-5">
          <Field
            label="Address of the witness"
            name="url"
            required
            defaultValue={typed('witness', 'url')}
            problem={problem('witness', 'url')}
          />
          <Field
            label="Its public key"
            name="verifier"
            required
            hint="Its operator sees it when the witness starts. They need ours, from /log/key."
            defaultValue={typed('witness', 'verifier')}
            problem={problem('witness', 'verifier')}
          />
          <button className="usa-button margin-top-2" type="submit" name="intent" value="witness">
            Add it, and ask it now
          </button>
        </Form>
      </details>
      <div className="margin-top-4">
        <Timeline entries={found.about} zone={found.zone} />
      </div>
    </>
  )
}
