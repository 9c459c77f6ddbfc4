import { parseId } from '../../storage/ids.ts'
import { answered } from '../../web/answered.ts'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { mergeHolds } from '../hold.ts'
import { type HoldId, holdsInForce } from '../store.ts'
import type { Route } from './+types/merge'
import { foundHold } from './found.ts'
import { ReasonForm, reasonIn } from './reason-form.tsx'

export const meta: Route.MetaFunction = () => [{ title: 'Merge holds' }]

export async function loader({ params, context }: Route.LoaderArgs) {
  const hold = await foundHold(context, params.id)
  return { hold, others: await holdsInForce(installation(context).db, hold.id) }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundHold(context, params.id)
  const form = await formOf(request)
  const reason = reasonIn(form)
  // Without a choice it is itself, which the hold refuses in its own words.
  const into: HoldId = parseId<'hold'>(String(form.get('into'))) ?? id
  const answer = await mergeHolds(installation(context), signedIn(context), id, into, reason)
  return answered(answer, (done) => `/console/retention/holds/${done}`, { reason, into })
}

export default function Merge({ loaderData: { hold, others }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title={`Merge “${hold.matter}”`}
        lead="It becomes part of another hold, which covers from then on what both covered."
      />
      {others.length === 0 ? (
        <p>No other hold is in force, so there is nothing to merge it with.</p>
      ) : (
        <ReasonForm button="Merge" hint="Why the two belong together" returned={actionData}>
          <Field
            label="Into"
            name="into"
            required
            defaultValue={actionData?.typed.into}
            problem={actionData?.problems.into}
            options={[
              { value: '', label: 'Choose a hold' },
              ...others.map((one) => ({ value: one.id, label: one.matter })),
            ]}
          />
        </ReasonForm>
      )}
    </>
  )
}
