import { data, Form, Link } from 'react-router'
import { answered } from '../../web/answered.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { Refusal } from '../../web/components/refusal.tsx'
import { installation, signedIn } from '../../web/context.ts'
import { formOf } from '../../web/form.ts'
import { orderCapture, placesOf, type Wanted } from '../order.ts'
import type { Route } from './+types/new'
import { mustReadRecords } from './found-capture.ts'
import { wantedIn } from './wanted.ts'

export async function loader({ request, context }: Route.LoaderArgs) {
  mustReadRecords(context)
  const here = installation(context)
  const { browser } = here
  const wanted = wantedIn(new URL(request.url).searchParams)
  const places = await placesOf(here, wanted)
  if (!places) throw data('What is to be captured does not exist here.', { status: 404 })
  return { wanted, places, missing: 'missing' in browser ? browser.missing : null }
}

export async function action({ request, context }: Route.ActionArgs) {
  mustReadRecords(context)
  const form = await formOf(request)
  const [address, reason] = ['address', 'reason'].map((name) => String(form.get(name) ?? '').slice(0, 4_000))
  const typed = { address: address ?? '', reason: reason ?? '' }
  const wanted = wantedIn(new URL(request.url).searchParams)
  const answer = await orderCapture(installation(context), signedIn(context), { wanted, ...typed })
  return answered(answer, (id) => `/console/captures/${id}`, typed)
}

const titles: Record<Wanted['kind'], string> = {
  page: 'Capture this page as it is seen',
  post: 'Capture this post as it is seen',
  comment: 'Capture this comment’s thread as it is seen',
  address: 'Capture a page by its address',
}

export default function NewCapture({ loaderData, actionData }: Route.ComponentProps) {
  const { wanted, places, missing } = loaderData
  const problems = actionData?.problems ?? {}
  const typed: { address?: string; reason?: string } = actionData?.typed ?? {}
  const isOfficial = wanted.kind !== 'address'
  return (
    <>
      <PageHeading
        title={titles[wanted.kind]}
        lead="A browser opens it without an account, as anybody would see it, scrolls through it, and keeps everything that it was given."
      />
      <ErrorSummary problems={problems} />
      {actionData?.refusal && <Refusal decision={actionData.refusal} />}
      {missing && !problems.form && (
        <div className="usa-alert usa-alert--warning">
          <div className="usa-alert__body">
            <p className="usa-alert__text">{missing}</p>
          </div>
        </div>
      )}
      {isOfficial && places.length === 0 ? (
        <p>
          It can’t be seen anywhere at present: it is not published, or was taken down.{' '}
          <Link to="/console/captures">See what was captured before</Link>
        </p>
      ) : (
        <Form method="post" className="usa-form maxw-tablet">
          {isOfficial ? (
            <Field
              label="Where"
              name="address"
              required
              defaultValue={typed.address}
              problem={problems.address}
              options={places.map(({ address, title }) => ({
                value: new URL(address).href,
                label: `${title}: ${address}`,
              }))}
            />
          ) : (
            <Field
              label="Address"
              name="address"
              inputMode="url"
              required
              hint="As the browser shows it, like https://www.example.org/news"
              defaultValue={typed.address}
              problem={problems.address}
            />
          )}
          <Field
            label={isOfficial ? 'Why (optional)' : 'Why'}
            name="reason"
            multiline
            rows={3}
            required={!isOfficial}
            hint="It stands in the record."
            defaultValue={typed.reason}
            problem={problems.reason}
          />
          <button type="submit" className="usa-button">
            Capture it
          </button>
        </Form>
      )}
      <h2>What a capture shows</h2>
      <p>
        What this address gave a browser of the department at one moment, byte for byte, with a picture. It
        does not show what others saw, what needs an account, or that what the page says is true.
      </p>
    </>
  )
}
