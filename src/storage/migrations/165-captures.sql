-- Pages that are captured as they were seen: who asked for which, how far it is, and the record that came of it.

create table capture (
  id uuid primary key,
  address text not null check (address <> ''),
  reason text not null,
  -- The official page that it shows, or a post or comment on one; none of them for any other address.
  page uuid references page (id),
  post uuid references post (id),
  comment uuid references comment (id),
  asked_by uuid not null references person (id),
  asked_at timestamptz not null,
  decision jsonb not null,
  begun_at timestamptz,
  -- How often a process began it since it was last asked for, and did not come to an end.
  begun int not null default 0,
  failed_at timestamptz,
  failed_because text,
  done_at timestamptz,
  title text not null default '',
  record uuid references record (id),
  check ((failed_at is null) = (failed_because is null)),
  check ((done_at is null) = (record is null)),
  check (failed_at is null or done_at is null)
);
comment on table capture is 'A page that somebody wanted captured as it is seen: waiting, under way, failed, or done with its record.';
create unique index capture_open on capture (address) where done_at is null and failed_at is null;
comment on index capture_open is 'Two people who ask for the same address at once get one capture.';
create index capture_by_time on capture (asked_at desc, id);
comment on index capture_by_time is 'The list, newest first.';
create index capture_of_post on capture (post) where post is not null;
comment on index capture_of_post is 'The captures of a post.';
create index capture_of_comment on capture (comment) where comment is not null;
comment on index capture_of_comment is 'The captures of a comment.';
create index capture_of_page on capture (page) where page is not null;
comment on index capture_of_page is 'The captures of a page.';

create function capture_closed_at(thing uuid) returns timestamptz language sql stable as $$
  select coalesce(done_at, failed_at) from capture where id = thing
$$;
comment on function capture_closed_at is 'When a capture ended; null while it is waiting or under way.';

create function destroy_capture(thing uuid) returns text[] language plpgsql as $$
begin
  -- The capture itself and its picture are files of its record, and go with that.
  update capture set address = '(disposed of)', reason = '', title = '',
    failed_because = case when failed_because is not null then '(disposed of)' end
    where id = thing;
  return '{}';
end
$$;
comment on function destroy_capture is 'Forgets which address was captured, why, and what its title was.';
revoke execute on function destroy_capture from public, plainview_app;

insert into retention_subject (kind, holder, recorded_as) values ('capture', 'capture', 'capture');
