-- What the capture of a comment could not get at once, and asks its platform for later.

create table comment_owed (
  id uuid primary key,
  comment uuid not null references comment (id),
  version int not null,
  -- The place of a picture in that version; null for what goes over the wire about the comment when it is read by itself.
  picture int check (picture >= 0),
  -- By what the platform is asked for the picture; null where it can't be asked.
  ask_for text,
  -- Why it is not there.
  because text not null check (because <> ''),
  since timestamptz not null,
  tries int not null default 0,
  -- When it is asked for next; while it is asked for, when another process may.
  next_at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('had', 'missing')),
  check ((ended_at is null) = (outcome is null)),
  unique nulls not distinct (comment, version, picture)
);
comment on table comment_owed is 'A picture of a comment, or what goes over the wire about it, that its capture could not get, until it is had or given up.';
create index comment_owed_due on comment_owed (next_at, id) where ended_at is null;
comment on index comment_owed_due is 'What is asked for next.';

-- Disposition, as in migration 187.
create function destroy_comment_owed() returns trigger language plpgsql as $$
begin
  delete from comment_owed where comment = new.id;
  return new;
end
$$;
comment on function destroy_comment_owed is 'Forgets what a comment is still owed, when destroy_comment destroys its words.';
create trigger destroy_comment_owed before update on comment for each row
  when (new.author_remote_id = '' and old.author_remote_id <> '') execute function destroy_comment_owed();
