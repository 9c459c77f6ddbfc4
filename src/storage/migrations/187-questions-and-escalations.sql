-- What a moderator does with a comment besides keeping and hiding it: ask a colleague, or pass it on.

create table comment_question (
  id uuid primary key,
  comment uuid not null references comment (id),
  version int not null,
  -- Null: any colleague who decides about comments.
  asked uuid references person (id),
  note text not null,
  by uuid not null references person (id) check (by <> asked),
  at timestamptz not null,
  advice text check (advice <> ''),
  advised_by uuid references person (id) check (advised_by <> by),
  advised_at timestamptz,
  ended_at timestamptz,
  outcome text check (outcome in ('decided', 'withdrawn', 'edited', 'deleted')),
  check ((advice is null) = (advised_by is null) and (advice is null) = (advised_at is null)),
  check ((ended_at is null) = (outcome is null))
);
comment on table comment_question is 'A moderator asks a colleague what they think of a comment, without a wish to hide it. It is open until somebody decides.';
create unique index comment_question_open on comment_question (comment) where ended_at is null;
comment on index comment_question_open is 'A comment has one open question at most.';
create index comment_question_asked on comment_question (at) where ended_at is null;
comment on index comment_question_asked is 'What waits for a colleague''s advice, for Today and the queue.';
create index comment_question_by_comment on comment_question (comment);
comment on index comment_question_by_comment is 'What was asked about one comment.';

create table comment_escalation (
  id uuid primary key,
  comment uuid not null references comment (id),
  version int not null,
  -- An entry of the pack's escalations.json.
  kind text not null check (kind <> ''),
  clause text not null,
  -- Who receives it: roles of the department, as the pack said when it was made.
  receivers text[] not null check (cardinality(receivers) > 0),
  note text not null default '',
  by uuid not null references person (id),
  at timestamptz not null,
  due_at timestamptz not null check (due_at >= at),
  acknowledged_by uuid references person (id),
  acknowledged_at timestamptz,
  withdrawn_at timestamptz,
  closed_by uuid references person (id),
  closed_at timestamptz,
  -- What was done about it.
  measures text check (measures <> ''),
  check ((acknowledged_by is null) = (acknowledged_at is null)),
  check ((closed_by is null) = (closed_at is null) and (closed_by is null) = (measures is null)),
  check (closed_at is null or acknowledged_at is not null),
  check (withdrawn_at is null or acknowledged_at is null)
);
comment on table comment_escalation is 'A comment that somebody else must know of: a threat, a tip. It decides nothing about the comment.';
create unique index comment_escalation_open on comment_escalation (comment, kind) where closed_at is null and withdrawn_at is null;
comment on index comment_escalation_open is 'A comment is passed on once for each kind; also, which comments are passed on.';
create index comment_escalation_due on comment_escalation (due_at) where closed_at is null and withdrawn_at is null;
comment on index comment_escalation_due is 'What its receivers have to work on, the most urgent first.';
create index comment_escalation_by_time on comment_escalation (at desc, id desc);
comment on index comment_escalation_by_time is 'The list of escalations, newest first.';

-- Disposition: what these tables say about a comment goes with the comment. A trigger, so that no later version of
-- destroy_comment can forget it; the empty author is what only destroy_comment leaves.
create function destroy_comment_handling() returns trigger language plpgsql as $$
begin
  delete from comment_claim where comment = new.id;
  update comment_question set note = '', advice = case when advice is not null then '(disposed of)' end where comment = new.id;
  update comment_escalation set note = '', measures = case when measures is not null then '(disposed of)' end
    where comment = new.id;
  update comment_version set pictures = '[]' where comment = new.id;
  new.pictures := '[]';
  new.fingerprint := null;
  return new;
end
$$;
comment on function destroy_comment_handling is 'Destroys what moderators wrote about a comment, and forgets its pictures, when destroy_comment destroys its words.';
create trigger destroy_comment_handling before update on comment for each row
  when (new.author_remote_id = '' and old.author_remote_id <> '') execute function destroy_comment_handling();
