-- Blocking an author: rarer than removing a comment, by two people, with an end.

create table comment_block (
  id uuid primary key,
  page uuid not null references page (id),
  -- The comment from which it was proposed; whose author it is about is copied, because a comment's is emptied with it.
  comment uuid not null references comment (id),
  author_remote_id text not null,
  reason text not null check (reason <> ''),
  clause text not null,
  days int not null check (days > 0),
  -- Why hiding comments one by one does not do.
  narrower text not null check (narrower <> ''),
  -- The id under which the platform keeps the block, chosen by us.
  client_id text not null unique,
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table comment_block is 'Somebody proposes to block an author on a page for a reason of the policy.';
create index comment_block_by_author on comment_block (author_remote_id, page, at);
comment on index comment_block_by_author is 'Whether an author is blocked, and was before.';
create index comment_block_by_time on comment_block (at desc, id desc);
comment on index comment_block_by_time is 'The list of blocks, newest first.';
create index comment_block_by_comment on comment_block (comment);
comment on index comment_block_by_comment is 'The blocks that were proposed from a comment.';

create table comment_block_ground (
  block uuid not null references comment_block (id),
  removal uuid not null references comment_decision (id),
  primary key (block, removal)
);
comment on table comment_block_ground is 'The removals that stood when a block was proposed: what it rests on.';

create table comment_block_agreement (
  block uuid primary key references comment_block (id),
  by uuid not null references person (id),
  at timestamptz not null,
  ends_at timestamptz not null check (ends_at > at)
);
comment on table comment_block_agreement is 'A second person agreed: from here on the author is blocked, until its end.';
create index comment_block_agreement_by_end on comment_block_agreement (ends_at);
comment on index comment_block_agreement_by_end is 'Blocks whose day has come.';

create table comment_block_refusal (
  block uuid primary key references comment_block (id),
  note text not null,
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table comment_block_refusal is 'The second person did not agree, or the proposal was taken back.';

create table comment_block_end (
  block uuid primary key references comment_block_agreement (block),
  cause text not null check (cause in ('date', 'lifted', 'appeal')),
  note text not null default '',
  -- Null when its day ended it.
  by uuid references person (id),
  at timestamptz not null,
  check ((cause = 'date') = (by is null))
);
comment on table comment_block_end is 'A block ended, once: on its day, by somebody''s word, or after an appeal.';
create index comment_block_end_by_time on comment_block_end (at);
comment on index comment_block_end_by_time is 'Blocks ended a year, for the public log.';

create function block_by_two() returns trigger language plpgsql as $$
begin
  if exists (select from comment_block b where b.id = new.block and b."by" = new."by") then
    raise exception 'nobody blocks an author alone';
  end if;
  if exists (select from comment_block_refusal r where r.block = new.block) then
    raise exception 'this block was refused';
  end if;
  return new;
end
$$;
comment on function block_by_two is 'The last guard, whatever the application does: it takes two to block somebody.';
create trigger block_by_two before insert or update on comment_block_agreement
  for each row execute function block_by_two();

-- A notice, a call and an appeal are about a removal or about a block.
alter table comment_notice alter column removal drop not null;
alter table comment_notice add column block uuid references comment_block (id);
alter table comment_notice drop constraint comment_notice_about_check;
alter table comment_notice drop constraint comment_notice_check1;
alter table comment_notice drop constraint comment_notice_check3;
alter table comment_notice
  add check (about in ('removal', 'block', 'upheld', 'reversed')),
  add check ((about in ('removal', 'block')) = (code_digest is not null)),
  add check ((about in ('removal', 'block')) = (appeal_until is not null)),
  add check (num_nonnulls(removal, block) = 1),
  add unique (block, about);
comment on column comment_notice.block is 'The block that it tells of, when it tells of none of a comment''s removal.';

alter table comment_call add column block uuid references comment_block (id);
alter table comment_call add column effect text not null default 'tell' check (effect in ('tell', 'block', 'unblock'));
alter table comment_call
  add check ((effect = 'tell') = (notice is not null)),
  add check ((effect = 'tell') = (block is null)),
  add unique (block, effect);
comment on table comment_call is 'Carrying a notice, a block or its end to a platform: the intent, written before it is called, and how it ended.';
comment on column comment_call.effect is 'What the platform is to do: tell the author, block them, or let them in again.';

alter table comment_appeal alter column removal drop not null;
alter table comment_appeal add column block uuid unique references comment_block (id);
alter table comment_appeal add check (num_nonnulls(removal, block) = 1);
comment on column comment_appeal.block is 'The block that is appealed, when it is no removal.';

create or replace function appeal_by_somebody_else() returns trigger language plpgsql as $$
begin
  if exists (select from comment_appeal a
      left join comment_decision d on d.id = a.removal
      left join comment_block b on b.id = a.block
      left join comment_block_agreement g on g.block = a.block
      where a.id = new.appeal and new."by" in (d.by, d.second_person, b.by, g.by)) then
    raise exception 'an appeal is decided by somebody who had no part in the removal';
  end if;
  return new;
end
$$;

alter function destroy_comment(uuid) rename to destroy_comment_and_appeals;
create function destroy_comment(thing uuid) returns text[] language plpgsql as $$
begin
  update comment_block_refusal r set note = '' from comment_block b where b.id = r.block and b.comment = thing;
  update comment_block_end e set note = '' from comment_block b where b.id = e.block and b.comment = thing;
  update comment_block set narrower = '(disposed of)', author_remote_id = '' where comment = thing;
  return destroy_comment_and_appeals(thing);
end
$$;
comment on function destroy_comment is 'Destroys the words of a comment and of all that was said about it, and who wrote it.';
revoke execute on function destroy_comment, destroy_comment_and_appeals from public, plainview_app;

alter function comment_closed_at(uuid) rename to comment_free_of_appeals_at;
create function comment_closed_at(thing uuid) returns timestamptz language sql stable as $$
  select case when not exists (
    select from comment_block b join comment_block_agreement g on g.block = b.id
      left join comment_block_end e on e.block = b.id
    where b.comment = thing and e.block is null) then comment_free_of_appeals_at(thing) end
$$;
comment on function comment_closed_at is 'When its author deleted a comment or its post left the page; null while it stands under a post, an appeal is open, or a block that it led to lasts.';
