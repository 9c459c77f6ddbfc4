import { data, Form } from 'react-router'
import { z } from 'zod'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { readForm } from '../../web/form.ts'
import { localOf } from '../moment.ts'
import { cancelSchedule, schedulePost } from '../publication.ts'
import type { Route } from './+types/schedule'
import { foundPost } from './found-post.ts'
import { reviewSubject } from './review-subject.ts'
import { VersionText } from './version-text.tsx'

const scheduleForm = z.object({
  version: z.coerce.number().int(),
  at: z.string().trim().max(40).default(''),
  // The time is set and taken away on the same screen.
  intent: z.enum(['set', 'cancel']).default('set'),
})

export async function loader({ params, context }: Route.LoaderArgs) {
  const all = installation(context)
  const subject = await reviewSubject(all, params.id)
  const schedule = await all.db
    .selectFrom('schedule')
    .select('at')
    .where('post', '=', subject.post.id)
    .where('cancelled_at', 'is', null)
    .where('done_at', 'is', null)
    .where('refused_because', 'is', null)
    .executeTakeFirst()
  return { ...subject, at: schedule ? localOf(schedule.at, subject.zone) : '' }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const all = installation(context)
  const post = await foundPost(all, params.id)
  const form = await readForm(request, scheduleForm)
  if (!form.valid) return data({ refusal: null, problems: form.problems, typed: form.typed }, { status: 422 })
  const { intent, version, at } = form.value
  const answer =
    intent === 'cancel'
      ? await cancelSchedule(all, signedIn(context), post.id)
      : await schedulePost(all, signedIn(context), post.id, version, at)
  return answered(answer, `/console/posts/${post.id}`, { at })
}

export default function Schedule({ loaderData: { post, zone, at }, actionData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="When is this published?"
        lead={`By the department’s clock (${zone.replace('_', ' ')}).`}
      />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <VersionText post={post} />
      <Form method="post" className="usa-form usa-form--large">
        <input type="hidden" name="version" value={post.version} />
        <Field
          label="Day and time"
          name="at"
          type="datetime-local"
          required
          defaultValue={actionData?.typed.at ?? at}
          problem={actionData?.problems.at}
        />
        <button className="usa-button" type="submit" name="intent" value="set">
          {at ? 'Change the time' : 'Set the time'}
        </button>
        {at && (
          <button
            className="usa-button usa-button--outline"
            type="submit"
            name="intent"
            value="cancel"
            formNoValidate
          >
            Do not publish at a set time
          </button>
        )}
      </Form>
    </>
  )
}
