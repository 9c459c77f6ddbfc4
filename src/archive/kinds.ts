/** What each kind of record is called on a screen. */
const titles: Record<string, string> = {
  'comment.capture': 'Comment received',
  'comment.deletion': 'Comment deleted by its author',
  'comment.edit': 'Comment changed by its author',
  'comment.keeping': 'Comment kept',
  'comment.removal': 'Comment hidden',
  'comment.restoration': 'Comment shown again',
  'comment.consultation': 'A colleague was asked about a comment',
  'comment.effect': 'The platform carried out a decision on a comment',
  'decision.refusal': 'Refused by the policy',
  'department.edit': 'Department’s details changed',
  'department.setup': 'Department set up',
  'designee.appointment': 'Designee appointed',
  'designee.end': 'Designee’s appointment ended',
  'log.authority': 'Time authority of the log chosen or ended',
  'log.rotation': 'Key of the log replaced',
  'log.witness': 'Witness of the log chosen or ended',
  'page.approval': 'Page approved',
  'page.connection': 'Account connected',
  'page.edit': 'Page changed',
  'page.introduction': 'Introduction written to the profile',
  'page.refusal': 'Page refused',
  'page.registration': 'Page registered',
  'person.end': 'Person left',
  'person.invitation': 'Person invited',
  'person.joining': 'Person joined',
  'person.roles': 'Roles changed',
  'person.unlock': 'Sign-in unlocked',
  'post.approval': 'Post approved',
  'post.deletion': 'Post deleted',
  'post.edit': 'Published post changed',
  'post.order': 'Publication ordered',
  'post.publication': 'Post published',
  'post.return': 'Post sent back',
  'post.schedule': 'Post scheduled',
  'post.submission': 'Post submitted',
  'request.acknowledgement': 'Request acknowledged',
  'request.calendar': 'Office’s closed days changed',
  'request.certificate': 'Certificate for a court prepared',
  'request.closure': 'Request closed',
  'request.collection': 'Records collected for a request',
  'request.extension': 'More time for a request',
  'request.order': 'Production ordered',
  'request.production': 'Production finished',
  'request.receipt': 'Request received',
  'request.redaction': 'Rendition made of a redacted or withheld record',
  'request.review': 'Records reviewed for a request',
  'request.release': 'Production released',
}

/** Kinds in the order of their titles, for a choice on a form. */
export const kinds: readonly { kind: string; title: string }[] = Object.entries(titles)
  .map(([kind, title]) => ({ kind, title }))
  .sort((a, b) => a.title.localeCompare(b.title))

/** A kind's title; of one without, its own words: `page.drift` is "Page drift". */
export function kindTitle(kind: string): string {
  const words = kind.replaceAll(/[.-]/g, ' ')
  return titles[kind] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
