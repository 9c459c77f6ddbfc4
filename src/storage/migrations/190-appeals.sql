-- What authors of removed comments are told, and their appeals.

create table comment_notice (
  id uuid primary key,
  comment uuid not null references comment (id),
  removal uuid not null references comment_decision (id),
  about text not null check (about in ('removal', 'upheld', 'reversed')),
  -- 'page': it stands in place of the comment; 'platform': the platform carries it; 'none': nothing carries it.
  way text not null check (way in ('page', 'platform', 'none')),
  why_none text,
  -- With the code the author appeals and follows the appeal.
  code_digest text unique,
  code_sealed text,
  -- The last day for an appeal.
  appeal_until date,
  at timestamptz not null,
  check ((way = 'none') = (why_none is not null)),
  check ((about = 'removal') = (code_digest is not null)),
  check ((code_digest is null) = (code_sealed is null)),
  check ((about = 'removal') = (appeal_until is not null)),
  unique (removal, about)
);
comment on table comment_notice is 'What the author of a removed comment is told, and how. Its words are made from the pack when they are needed.';
create index comment_notice_by_comment on comment_notice (comment);
comment on index comment_notice_by_comment is 'The notices about one comment.';

create table comment_call (
  id uuid primary key,
  notice uuid unique references comment_notice (id),
  comment uuid not null references comment (id),
  intent_at timestamptz not null,
  attempted_at timestamptz,
  done_at timestamptz,
  trouble text,
  -- Until then the sweeper leaves it alone: a retry, or a first try that was put off, is on its way.
  retry_at timestamptz,
  refused_at timestamptz,
  refused_because text,
  check ((refused_at is null) = (refused_because is null)),
  check (done_at is null or refused_at is null)
);
comment on table comment_call is 'Carrying a notice to a platform: the intent, written before it is called, and how it ended.';
create index comment_call_open on comment_call (intent_at) where done_at is null and refused_at is null;
comment on index comment_call_open is 'What the sweeper looks at: calls begun and not ended.';

create table comment_appeal (
  id uuid primary key,
  comment uuid not null references comment (id),
  -- A removal is appealed once.
  removal uuid not null unique references comment_decision (id),
  -- By the notice's code, or by the comment's web address where no notice could be sent.
  filed_by text not null check (filed_by in ('code', 'address')),
  text text not null check (text <> ''),
  code_digest text not null unique,
  code_sealed text not null,
  received_at timestamptz not null,
  received_on date not null,
  due date not null check (due > received_on)
);
comment on table comment_appeal is 'An author''s appeal against a removal, and the day by which somebody else decides on it.';
create index comment_appeal_by_due on comment_appeal (due, id);
comment on index comment_appeal_by_due is 'The list of appeals, the first deadline first.';
create index comment_appeal_by_time on comment_appeal (received_at);
comment on index comment_appeal_by_time is 'Appeals a month, for the public log.';

create table comment_appeal_decision (
  appeal uuid primary key references comment_appeal (id),
  outcome text not null check (outcome in ('upheld', 'reversed')),
  reasons text not null check (reasons <> ''),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table comment_appeal_decision is 'What somebody without a part in the removal decided about an appeal. The first decision counts: there is one.';
create index comment_appeal_decision_by_time on comment_appeal_decision (at);
comment on index comment_appeal_decision_by_time is 'Decisions on appeals a month, for the public log.';

create function appeal_by_somebody_else() returns trigger language plpgsql as $$
begin
  if exists (select from comment_appeal a join comment_decision d on d.id = a.removal
      where a.id = new.appeal and new."by" in (d.by, d.second_person)) then
    raise exception 'an appeal is decided by somebody who had no part in the removal';
  end if;
  return new;
end
$$;
comment on function appeal_by_somebody_else is 'The last guard, whatever the application does: nobody decides on an appeal against their own removal.';
create trigger appeal_by_somebody_else before insert or update on comment_appeal_decision
  for each row execute function appeal_by_somebody_else();

-- What was there does its part, and the new tables are emptied after it.
alter function destroy_comment(uuid) rename to destroy_comment_words;
create function destroy_comment(thing uuid) returns text[] language plpgsql as $$
begin
  update comment_appeal_decision d set reasons = '(disposed of)'
    from comment_appeal a where a.id = d.appeal and a.comment = thing;
  update comment_appeal set text = '(disposed of)' where comment = thing;
  update comment_notice set why_none = case when why_none is not null then '(disposed of)' end where comment = thing;
  update comment_call set trouble = null,
    refused_because = case when refused_because is not null then '(disposed of)' end where comment = thing;
  return destroy_comment_words(thing);
end
$$;
comment on function destroy_comment is 'Destroys the words of a comment and of all that was said about it, and who wrote it.';
revoke execute on function destroy_comment, destroy_comment_words from public, plainview_app;

alter function comment_closed_at(uuid) rename to comment_left_at;
create function comment_closed_at(thing uuid) returns timestamptz language sql stable as $$
  select case when not exists (
    select from comment_appeal a left join comment_appeal_decision d on d.appeal = a.id
    where a.comment = thing and d.appeal is null) then comment_left_at(thing) end
$$;
comment on function comment_closed_at is 'When its author deleted a comment or its post left the page; null while it stands under a post, or an appeal is open.';
