import { data, redirect } from 'react-router'
import { deleteComment } from '../../comments/comments.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { installation } from '../../web/context.ts'
import type { Route } from './+types/comment-deletion'
import { ownComment } from './own-comment.ts'

export const handle = { scripts: false }
export const headers = () => ({ 'Cache-Control': 'private, no-store' })

export async function loader({ request, params, context }: Route.LoaderArgs) {
  const { comment, postPath } = await ownComment(installation(context), request, params)
  return { text: comment.text, postPath }
}

export async function action({ request, params, context }: Route.ActionArgs) {
  const here = installation(context)
  const { comment, token, postPath } = await ownComment(here, request, params)
  const answer = await deleteComment(here, comment.id, token)
  if ('done' in answer) throw redirect(`${postPath}#comments`)
  return data(
    { problems: 'problems' in answer ? answer.problems : { form: answer.denied.because } },
    { status: 422 },
  )
}

export default function CommentDeletion({
  loaderData: { text, postPath },
  actionData,
}: Route.ComponentProps) {
  return (
    <>
      <title>Delete your comment</title>
      <h1>Delete your comment?</h1>
      <ErrorSummary problems={actionData?.problems ?? {}} />
      <p className="pv-quote">{text}</p>
      <p>It leaves the page. The department keeps a copy, because comments are public records.</p>
      <form method="post">
        <button type="submit" className="usa-button usa-button--secondary">
          Delete it
        </button>
        <a className="usa-button usa-button--outline" href={postPath}>
          Leave it
        </a>
      </form>
    </>
  )
}
