/** Who wants to do something. */
export type Who =
  | { kind: 'person'; id: string; name: string; roles: readonly string[]; designee: boolean }
  | { kind: 'visitor'; name?: string }
  | { kind: 'platform'; name: string }
  | { kind: 'system' }

/** What it is to be done to: its type and id, and the attributes that the rules look at. */
export interface What {
  type: string
  id: string
  [attribute: string]: string | number | boolean | readonly string[] | undefined
}

/** Everything that a rule can be asked about. A pack's schema declares each of them, and no other. */
export const actionNames = [
  'page.register',
  'page.approve',
  'page.refuse',
  'page.edit',
  'page.connect',
  'post.draft',
  'post.submit',
  'post.approve',
  'post.sendBack',
  'post.publish',
  'post.schedule',
  'post.edit',
  'post.delete',
  'comment.submit',
  'comment.report',
  'comment.answer',
  'comment.keep',
  'comment.hide',
  'comment.hideAutomatically',
  'comment.automate',
  'comment.restore',
  'comment.release',
  'appeal.file',
  'appeal.decide',
  'block.propose',
  'block.agree',
  'block.refuse',
  'block.end',
  'incident.declare',
  'incident.slow',
  'incident.hold',
  'incident.agree',
  'incident.refuse',
  'incident.end',
  'consistency.judge',
  'consistency.read',
  'consistency.configure',
  'comment.ask',
  'comment.advise',
  'escalation.make',
  'escalation.withdraw',
  'escalation.read',
  'escalation.open',
  'escalation.acknowledge',
  'escalation.close',
  'record.search',
  'record.read',
  'capture.order',
  'import.start',
  'import.cancel',
  'import.read',
  'log.configure',
  'log.rotate',
  'request.enter',
  'request.submit',
  'request.collect',
  'request.review',
  'request.confirm',
  'request.help',
  'request.message',
  'request.publish',
  'request.produce',
  'request.close',
  'request.reopen',
  'request.certify',
  'retention.read',
  'hold.place',
  'hold.release',
  'disposition.propose',
  'disposition.except',
  'disposition.permit',
  'disposition.approve',
  'disposition.refuse',
  'disposition.order',
  'disposition.cancel',
  'person.invite',
  'person.setRoles',
  'designee.appoint',
  'designee.end',
  'department.edit',
  'policy.read',
] as const
export type ActionName = (typeof actionNames)[number]

export type Decision = Allowed | Denied

export interface Allowed {
  allowed: true
  action: ActionName
  /** The rules that allowed it, and the clauses that these rules carry out. */
  rules: string[]
  clauses: string[]
}
export interface Denied {
  allowed: false
  action: ActionName
  /** The rules that forbid it; without any, those that would allow it to somebody else. */
  rules: string[]
  clauses: string[]
  /** Why not, in a sentence for the person who tried. */
  because: string
  /** Whom to ask, or what to do first. */
  wayForward: string
}
