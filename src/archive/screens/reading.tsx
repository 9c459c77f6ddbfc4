import { data, Form, Link, redirect } from 'react-router'
import { switchReading, whoIs } from '../../department/department.ts'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { readingProgress } from '../reading-store.ts'
import type { Route } from './+types/reading'

export async function loader({ context }: Route.LoaderArgs) {
  const { db, policy } = installation(context)
  const by = whoIs(signedIn(context))
  const decision = policy.decide(by, 'record.search', { type: 'Record', id: 'any' })
  if (!decision.allowed) return { refusal: decision, progress: null, maySwitch: false }
  const edit = policy.decide(by, 'department.edit', { type: 'Department', id: 'department' })
  return { refusal: null, progress: await readingProgress(db), maySwitch: edit.allowed }
}

export async function action({ context, request }: Route.ActionArgs) {
  const form = await formOf(request)
  const answer = await switchReading(
    installation(context),
    whoIs(signedIn(context)),
    form.get('pictures') === 'yes',
  )
  if ('denied' in answer) return data({ refusal: answer.denied }, { status: 403 })
  throw redirect('/console/archive/reading')
}

export default function Reading({ loaderData, actionData }: Route.ComponentProps) {
  const { progress, maySwitch } = loaderData
  const refusal = loaderData.refusal ?? actionData?.refusal
  return (
    <>
      <PageHeading
        title="Words in pictures and captions"
        lead="A machine reads the writing in pictures and the captions of videos, so that a search finds it. Nothing leaves this server."
      >
        <Link className="usa-button usa-button--outline" to="/console/archive">
          Search the archive
        </Link>
      </PageHeading>
      {refusal && <Refusal decision={refusal} />}
      {progress && (
        <>
          <p>
            It makes mistakes, and reads printed letters better than handwriting. What it reads is kept beside
            the records, not in them: it is in no proof, no production and no copy, and it is destroyed with
            the record.
          </p>
          <dl className="pv-facts">
            <dt>Files read</dt>
            <dd>
              {progress.read.toLocaleString('en-US')}, with words in{' '}
              {progress.withWords.toLocaleString('en-US')}
            </dd>
            <dt>Still to be read</dt>
            <dd>
              {progress.waiting === 0
                ? 'None'
                : `${progress.waiting.toLocaleString('en-US')}, one after the other in the background`}
            </dd>
            {progress.failed > 0 && (
              <>
                <dt>Could not be read</dt>
                <dd>
                  {progress.failed.toLocaleString('en-US')}: they are damaged, too large, or no pictures
                </dd>
              </>
            )}
            <dt>Pictures are read</dt>
            <dd>{progress.pictures ? 'Yes' : 'No. What was read before is still found.'}</dd>
          </dl>
          {maySwitch ? (
            <Form method="post">
              <button
                className="usa-button"
                type="submit"
                name="pictures"
                value={progress.pictures ? 'no' : 'yes'}
              >
                {progress.pictures ? 'Stop reading pictures' : 'Read pictures'}
              </button>
            </Form>
          ) : (
            <p className="pv-quiet">Those who may change the settings can switch it on and off here.</p>
          )}
        </>
      )}
    </>
  )
}
