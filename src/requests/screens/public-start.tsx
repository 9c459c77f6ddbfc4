import { Form, Link, redirect } from 'react-router'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { readCode } from '../code.ts'
import type { Route } from './+types/public-start'

export const meta: Route.MetaFunction = () => [{ title: 'Records requests' }]

export async function loader({ request, context }: Route.LoaderArgs) {
  const typed = new URL(request.url).searchParams.get('code')
  const code = typed && readCode(typed)
  if (code) throw redirect(`/records-requests/${code}`)
  return {
    days: installation(context).policy.recordsLaw.responseBusinessDays,
    typed: typed ?? '',
    problem: typed === null ? undefined : codeProblem(typed),
  }
}

const codeProblem = (typed: string) =>
  typed.trim() === ''
    ? 'Type the code that you got when you sent the request.'
    : 'A code has five groups of four letters and digits. Check it and try again.'

export default function RecordsRequests({ loaderData }: Route.ComponentProps) {
  return (
    <>
      <PageHeading
        title="Records requests"
        lead={`Anyone may ask for the department’s public records. We answer in writing within ${loaderData.days} business days.`}
      >
        <Link className="usa-button" to="/records-requests/new">
          Ask for records
        </Link>
        <Link className="usa-button usa-button--outline" to="/records-requests/reading-room">
          Reading room
        </Link>
      </PageHeading>
      <h2>Follow your request</h2>
      <Form method="get" className="usa-form maxw-tablet">
        <Field
          label="The code of your request"
          name="code"
          hint="You got it when you sent the request, for example in our letter."
          defaultValue={loaderData.typed}
          problem={loaderData.problem}
          required
        />
        <button type="submit" className="usa-button usa-button--outline">
          Show my request
        </button>
      </Form>
    </>
  )
}
