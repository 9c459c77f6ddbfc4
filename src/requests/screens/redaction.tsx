import { Form, Link, redirect } from 'react-router'
import { kindTitle, readRecord } from '../../archive/archive.ts'
import { contactsOf, departmentProfile } from '../../department/department.ts'
import { parseId } from '../../storage/ids.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { deskSettings } from '../desk-settings.ts'
import { ffmpegHere } from '../redact-video.ts'
import { neighbours, reviewsOf } from '../review-store.ts'
import type { Route } from './+types/redaction'
import { FileRedaction } from './file-redaction.tsx'
import { foundRequest, notInCollection } from './found.ts'
import { MarkList } from './mark-list.tsx'
import { carryOut } from './redaction-form.ts'
import { partsOf } from './redaction-parts.ts'
import { type Reply, reply } from './reply.ts'
import { RequestHeading } from './request-heading.tsx'
import { requestPath } from './request-path.ts'
import { SecondLook } from './second-look.tsx'
import { TextRedaction } from './text-redaction.tsx'

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const found = await foundRequest(context, params.id)
  const { db, policy } = installation(context)
  const id = parseId<'record'>(params.record)
  const [record, place] = id
    ? await Promise.all([readRecord(db, id), neighbours(db, found.id, id)])
    : [null, null]
  if (!id || !record || !place) throw notInCollection()
  const review = (await reviewsOf(db, found.id, [id])).get(id) ?? null
  const marks = review?.marks ?? []
  return {
    request: found,
    record: { id, title: kindTitle(record.kind), at: record.at },
    ...partsOf(JSON.parse(record.json), marks, policy, contactsOf(await departmentProfile(db))),
    marks,
    review: review && { ...review, marks: undefined },
    secondLook: (await deskSettings(db)).secondLook,
    mine: review?.by === signedIn(context).id,
    next: place.next,
    alike: place.alike,
    exemptions: policy.exemptions.map(({ letter, title }) => ({ letter, title })),
    words: new URL(request.url).searchParams.get('words') ?? '',
    ffmpeg: record.blobs.some((one) => one.mediaType.startsWith('video/')) ? await ffmpegHere() : true,
  }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const { id } = await foundRequest(context, params.id)
  const record = parseId<'record'>(params.record)
  if (!record) throw notInCollection()
  const form = await formOf(request)
  const answer = await carryOut(installation(context), signedIn(context), id, record, form)
  if ('done' in answer) throw redirect(`${requestPath(id)}/review/${record}`)
  const typed = [...form].filter((one): one is [string, string] => typeof one[1] === 'string')
  return reply(answer, Object.fromEntries(typed))
}

export default function Redaction({ loaderData, actionData }: Route.ComponentProps) {
  const { request, record, texts, files, marks, review, exemptions, next, words, ffmpeg } = loaderData
  const { problems = {}, typed = {}, refusal } = (actionData ?? {}) as Reply
  const path = `${requestPath(request.id)}/review`
  const open = !request.closure
  return (
    <>
      <RequestHeading
        request={request}
        title={`Redact for ${request.number}`}
        lead={`${record.title}. The original stays sealed; what you take out is in no file that goes out.`}
      >
        <Link className="usa-button usa-button--outline" to={path}>
          Back to the review
        </Link>
        {next && (
          <Link className="usa-button usa-button--outline" to={`${path}/${next}`}>
            Next record
          </Link>
        )}
      </RequestHeading>
      <ErrorSummary problems={problems} />
      {refusal && <Refusal decision={refusal} />}
      <Form method="post" key={review?.revision ?? 0}>
        {/* Enter in a field presses a form's first button: it must not be one that takes out a whole text. */}
        <button type="submit" name="intent" value="words" hidden />
        <input type="hidden" name="revision" value={review?.revision ?? 0} />
        {open && (
          <div className="pv-card">
            <div className="grid-row grid-gap">
              <div className="tablet:grid-col-5">
                <Field
                  label="Exemption"
                  name="exemption"
                  problem={problems.exemption}
                  defaultValue={typed.exemption ?? review?.exemptions[0] ?? ''}
                  options={[
                    { value: '', label: 'Choose' },
                    ...exemptions.map(({ letter, title }) => ({
                      value: letter,
                      label: `(${letter}) ${title}`,
                    })),
                  ]}
                />
              </div>
              <div className="tablet:grid-col-7">
                <Field
                  label="Why it applies"
                  name="why"
                  hint="The requester reads it in the withheld log. Do not repeat what is taken out."
                  problem={problems.why}
                  defaultValue={typed.why ?? review?.why ?? ''}
                />
              </div>
            </div>
            <Field
              type="checkbox"
              label="Take the same words out of every other record of this collection, too"
              name="everywhere"
              checked={actionData ? typed.everywhere === 'yes' : loaderData.alike > 1}
            />
          </div>
        )}
        <TextRedaction texts={texts} open={open} typed={typed.words ?? words} problem={problems.words} />
        {files.map((file) => (
          <FileRedaction
            key={file.file}
            file={file}
            path={`${path}/${record.id}/files`}
            open={open}
            ffmpeg={ffmpeg}
          />
        ))}
        <MarkList marks={marks} texts={texts} open={open} />
      </Form>
      {review?.decision === 'redact' && (
        <SecondLook review={review} mine={loaderData.mine} wanted={loaderData.secondLook} open={open} />
      )}
    </>
  )
}
