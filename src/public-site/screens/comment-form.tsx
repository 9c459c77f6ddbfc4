import { editMinutes, longestComment, longestName } from '../../comments/limits.ts'
import { ErrorSummary } from '../../web/components/error-summary.tsx'
import { Field } from '../../web/components/field.tsx'
import { Honeypot } from '../../web/components/honeypot.tsx'
import { Notice } from '../../web/components/notice.tsx'

export interface CommentReply {
  problems: Record<string, string>
  typed: Record<string, string>
}

/** Where a visitor writes. What the policy says about comments stands above it, to be read before. */
export function CommentForm({
  here,
  notice,
  topic,
  parent,
  reply,
}: {
  here: string
  notice: string
  topic: string
  parent: { id: string; name: string } | null
  reply: CommentReply | undefined
}) {
  const { problems = {}, typed = {} } = reply ?? {}
  const field = (name: string) => ({ name, problem: problems[name], defaultValue: typed[name] })
  return (
    <form method="post" action={parent ? `${here}?answer=${parent.id}` : here} id="comment-form" noValidate>
      <ErrorSummary problems={problems} />
      <Notice tone="info">
        {notice} {topic && `Comments here are about: ${topic}. `}
        <a href="/policy#comments">The rules for comments</a>
      </Notice>
      {parent && (
        <p>
          You answer {parent.name}. <a href={`${here}#comment-form`}>Write a comment of your own instead</a>
        </p>
      )}
      <input type="hidden" name="inReplyTo" value={parent?.id ?? ''} />
      <Field
        {...field('name')}
        label="Your name"
        hint="Shown with your comment. It need not be your full name."
        maxLength={longestName}
        autoComplete="nickname"
        required
      />
      <Field
        {...field('email')}
        label="Your e-mail (optional)"
        hint="Only for the department to write to you about this comment. It is kept encrypted and not shown."
        type="email"
        autoComplete="email"
      />
      <Field
        {...field('text')}
        label={parent ? 'Your answer' : 'Your comment'}
        hint={`Up to ${longestComment.toLocaleString('en-US')} characters. You can change it for ${editMinutes} minutes, and delete it later.`}
        multiline
        rows={5}
        required
      />
      <Honeypot />
      <button type="submit" className="usa-button margin-top-2">
        {parent ? 'Post the answer' : 'Post the comment'}
      </button>
    </form>
  )
}
