import { redirect } from 'react-router'
import { readCode } from '../../requests/requests.ts'
import { Field } from '../../web/components/field.tsx'
import { PageHeading } from '../../web/components/page-heading.tsx'
import { installation } from '../../web/context.ts'
import { appealPath } from '../notice.ts'
import type { Route } from './+types/public-appeals'

export const handle = { scripts: false, forEverybody: true }

export function loader({ request, context }: Route.LoaderArgs) {
  const typed = new URL(request.url).searchParams.get('code')
  const code = typed && readCode(typed)
  if (code) throw redirect(appealPath(code))
  const { fileWithinDays, decideWithinBusinessDays } = installation(context).policy.appeals
  return {
    fileWithinDays,
    decideWithinBusinessDays,
    typed: typed ?? '',
    problem: typed ? 'A code has five groups of four letters and digits. Check it and try again.' : undefined,
  }
}

export default function PublicAppeals({ loaderData }: Route.ComponentProps) {
  const { fileWithinDays, decideWithinBusinessDays, typed, problem } = loaderData
  return (
    <>
      <PageHeading
        title="Your comment was removed?"
        lead={`You can appeal within ${fileWithinDays} days. Somebody who had no part in the removal decides within ${decideWithinBusinessDays} business days. It costs nothing, and you need no account.`}
      />
      <h2>With a code</h2>
      <form method="get" className="usa-form maxw-tablet">
        <Field
          label="Your code"
          name="code"
          hint="It is in the message that we sent you, and on the page where your comment stood, in the browser you wrote it with. With it you also follow your appeal."
          defaultValue={typed}
          problem={problem}
          autoComplete="off"
          required
        />
        <button type="submit" className="usa-button">
          Go on
        </button>
      </form>
      <h2>Without a code</h2>
      <p>
        Some places let us write to nobody who comments there. Then the comment’s web address and your name
        there are enough: <a href="/comment-appeals/new">appeal by the comment’s address</a>.
      </p>
      <p>
        <a href="/policy#comments">The rules for comments</a> · <a href="/removals">What was removed</a>
      </p>
    </>
  )
}
