-- Disposition: runs that are proposed, approved by two people, permitted where the law wants it, carried out file by
-- file, and certified. A file is everything that one series holds about one thing.

create table disposition (
  id uuid primary key,
  series text not null references retention_series (id),
  -- Files whose period was over on this day.
  as_of date not null,
  note text not null,
  proposed_by uuid not null references person (id),
  proposed_at timestamptz not null
);
comment on table disposition is 'A proposal to dispose of files of one series.';
create index disposition_by_time on disposition (proposed_at desc, id);
comment on index disposition_by_time is 'The list of runs, newest first.';

create table disposition_file (
  disposition uuid not null references disposition (id),
  subject_kind text not null,
  subject_id text not null,
  records int not null check (records > 0),
  first_at timestamptz not null,
  last_at timestamptz not null,
  due_on date not null,
  primary key (disposition, subject_kind, subject_id)
);
comment on table disposition_file is 'The files of a run, as they were proposed and approved.';

create table disposition_exception (
  disposition uuid not null,
  subject_kind text not null,
  subject_id text not null,
  reason text not null check (reason <> ''),
  -- Null: the database refused it when the run was carried out.
  by uuid references person (id),
  at timestamptz not null,
  primary key (disposition, subject_kind, subject_id),
  foreign key (disposition, subject_kind, subject_id) references disposition_file (disposition, subject_kind, subject_id)
);
comment on table disposition_exception is 'Files of a run that are kept after all, and why.';

create table disposition_permission (
  id uuid primary key,
  disposition uuid not null references disposition (id),
  number text not null check (number <> ''),
  granted_on date not null,
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table disposition_permission is 'The permission of the Supervisor of Records. A mistyped one is followed by another; the newest counts.';
create index disposition_permission_by_run on disposition_permission (disposition, at desc);
comment on index disposition_permission_by_run is 'The newest permission of a run.';

create table disposition_approval (
  disposition uuid not null references disposition (id),
  person uuid not null references person (id),
  at timestamptz not null,
  primary key (disposition, person)
);
comment on table disposition_approval is 'Somebody read the list of a run and agreed to it. It takes two, neither of them the proposer.';

create table disposition_refusal (
  disposition uuid primary key references disposition (id),
  reason text not null check (reason <> ''),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table disposition_refusal is 'Somebody who could have approved a run refused it.';

create table disposition_order (
  disposition uuid primary key references disposition (id),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table disposition_order is 'The run is to be carried out.';

create table disposition_cancellation (
  disposition uuid primary key references disposition (id),
  reason text not null check (reason <> ''),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table disposition_cancellation is 'A run was taken back before it began.';

create table disposition_beginning (
  disposition uuid primary key references disposition (id),
  at timestamptz not null
);
comment on table disposition_beginning is 'The job has begun: from here on a run goes to its end.';

create table disposed_file (
  disposition uuid not null,
  subject_kind text not null,
  subject_id text not null,
  records int not null,
  at timestamptz not null,
  primary key (disposition, subject_kind, subject_id),
  foreign key (disposition, subject_kind, subject_id) references disposition_file (disposition, subject_kind, subject_id)
);
comment on table disposed_file is 'Files whose records and copies are destroyed.';

create table disposed_blob (
  disposition uuid not null references disposition (id),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Null until the store was told; a file that something else uses is kept.
  ended_at timestamptz,
  kept boolean not null default false,
  primary key (disposition, sha256)
);
comment on table disposed_blob is 'Stored files that destroyed records named, and what became of them.';
create index disposed_blob_open on disposed_blob (disposition) where ended_at is null;
comment on index disposed_blob_open is 'Stored files that are still to be destroyed.';

create table disposition_certificate (
  disposition uuid primary key references disposition (id),
  record uuid not null references record (id),
  at timestamptz not null
);
comment on table disposition_certificate is 'A run has ended, and the record that certifies what was destroyed.';

revoke update, delete, truncate on disposition, disposition_file, disposition_exception, disposition_permission,
  disposition_approval, disposition_refusal, disposition_order, disposition_cancellation, disposition_beginning,
  disposition_certificate from plainview_app;
revoke insert, update, delete, truncate on disposed_file, disposed_blob from plainview_app;
grant update (ended_at, kept) on disposed_blob to plainview_app;

create function disposition_steps_in_order() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- One step at a time: what is checked here stays true until the step is committed.
  perform from disposition where id = new.disposition for update;
  if exists (select from disposition_refusal where disposition = new.disposition)
    or exists (select from disposition_cancellation where disposition = new.disposition)
    or exists (select from disposition_certificate where disposition = new.disposition) then
    raise exception 'This run has ended.' using errcode = 'check_violation';
  end if;
  case tg_table_name
    when 'disposition_file' then
      if exists (select from disposition_approval where disposition = new.disposition)
        or exists (select from disposition_order where disposition = new.disposition) then
        raise exception 'Nothing can be added to a list that was approved.' using errcode = 'check_violation';
      end if;
    when 'disposition_exception' then
      if exists (select from disposed_file f where f.disposition = new.disposition
        and f.subject_kind = to_jsonb(new) ->> 'subject_kind' and f.subject_id = to_jsonb(new) ->> 'subject_id') then
        raise exception 'This file is destroyed already.' using errcode = 'check_violation';
      end if;
    when 'disposition_permission' then
      if exists (select from disposition_order where disposition = new.disposition) then
        raise exception 'This run was ordered by the permission that stood.' using errcode = 'check_violation';
      end if;
    when 'disposition_approval' then
      if exists (select from disposition where id = new.disposition and proposed_by = (to_jsonb(new) ->> 'person')::uuid) then
        raise exception 'Whoever proposed a run does not approve it.' using errcode = 'check_violation';
      end if;
    when 'disposition_refusal', 'disposition_cancellation' then
      if exists (select from disposition_beginning where disposition = new.disposition) then
        raise exception 'This run has begun; it goes to its end.' using errcode = 'check_violation';
      end if;
    when 'disposition_beginning' then
      if run_hindrance(new.disposition) is not null then
        raise exception 'This run can''t begin: %.', run_hindrance(new.disposition) using errcode = 'check_violation';
      end if;
    else null;
  end case;
  return new;
end
$$;
comment on function disposition_steps_in_order is 'A list that was approved grows no more, a proposer approves nothing, and what has begun or ended stays so.';
create trigger disposition_steps_in_order before insert on disposition_file
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_exception
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_permission
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_approval
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_refusal
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_order
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_cancellation
  for each row execute function disposition_steps_in_order();
create trigger disposition_steps_in_order before insert on disposition_beginning
  for each row execute function disposition_steps_in_order();

-- What a destroyed record leaves: its kind, time and subject, the run, and its leaf in the log.

alter table record add column disposition uuid references disposition (id);
alter table record alter column json drop not null;
alter table record alter column salt drop not null;
alter table record add constraint record_destroyed_as_a_whole check (
  case when disposition is null then json is not null and salt is not null
  else json is null and salt is null and words = '' and by_id is null and by_name is null and clauses = '{}' end);
comment on column record.disposition is 'The run that destroyed this record''s content and salt; null while it is kept.';
create index record_by_disposition on record (disposition) where disposition is not null;
comment on index record_by_disposition is 'What one run destroyed.';

create view held_record as
select s.hold, r.id as record, r.subject_kind, r.subject_id
from hold_in_force h
join hold_scope s on s.hold = h.id
join record r on (s.record is null or r.id = s.record)
  and (s.subject_kind is null or r.subject_kind = s.subject_kind and r.subject_id = s.subject_id)
  and (s.page is null or r.page = s.page)
  and (s.person is null or strpos(r.json, s.person::text) > 0)
  -- As the record's JSON spells it: with its escapes, and small letters of every script.
  and (s.mentions is null or strpos(lower(r.json collate "pg_c_utf8"),
    lower(substring(to_json(s.mentions)::text from 2 for length(to_json(s.mentions)::text) - 2) collate "pg_c_utf8")) > 0)
  and (s.words is null or r.terms @@ websearch_to_tsquery('english', s.words))
  and (s.kind is null or r.kind = s.kind or starts_with(r.kind, s.kind || '.'))
  and (s.since is null or r.at >= s.since)
  and (s.until is null or r.at <= s.until)
where r.disposition is null;
comment on view held_record is 'What each hold in force covers. Nothing of it is stored: it is worked out whenever it is asked for, so a record made a second ago is in it. A hold on one record about a thing holds all records about it.';

-- When a thing is closed, and how its copies are destroyed: two functions a thing.

create function post_closed_at(thing uuid) returns timestamptz language sql stable as $$
  select greatest(p.updated_at, (select max(u.gone_at) from publication u where u.post = p.id))
  from post p
  where p.id = thing
    and not exists (select from publication u where u.post = p.id and u.refused_at is null and u.gone_at is null)
    and not exists (select from schedule s where s.post = p.id
      and s.cancelled_at is null and s.done_at is null and s.refused_because is null)
$$;
comment on function post_closed_at is 'When a post was last changed or left its last page; null while it is on a page or on its way there.';

create function destroy_own_post(publications text[]) returns text[] language plpgsql as $$
declare
  files text[];
begin
  files := array(select i ->> 'blob' from own_post o, jsonb_array_elements(o.images) i where o.client_id = any (publications));
  update own_post set text = '', link = null, images = '[]' where client_id = any (publications);
  return files;
end
$$;
comment on function destroy_own_post is 'Empties what the department''s own page keeps of posts; answers with their images.';

create function destroy_post(thing uuid) returns text[] language plpgsql as $$
declare
  files text[];
begin
  files := array(
    select blob from post_image where post = thing
    union select i ->> 'blob' from post_version v, jsonb_array_elements(v.images) i where v.post = thing);
  files := files || destroy_own_post(array(select client_id from publication where post = thing));
  delete from post_image where post = thing;
  update post set text = '', link = null where id = thing;
  update post_version set text = '', link = null, images = '[]' where post = thing;
  update post_return set comments = '(disposed of)' where post = thing;
  update post_deletion set reason = '(disposed of)' where post = thing;
  -- A refusal that lost its reason altogether would look like a post that is still to be published.
  update schedule set refused_because = '(disposed of)' where post = thing and refused_because is not null;
  update publication_deletion d set trouble = null,
    refused_because = case when d.refused_because is not null then '(disposed of)' end
    from publication u where u.id = d.publication and u.post = thing;
  update post_edit e set trouble = null,
    refused_because = case when e.refused_because is not null then '(disposed of)' end
    from publication u where u.id = e.publication and u.post = thing;
  update publication set url = null, trouble = null,
    refused_because = case when refused_because is not null then '(disposed of)' end
    where post = thing;
  return files;
end
$$;
comment on function destroy_post is 'Destroys the words and images of a post in every version; answers with the files they were in.';

create function comment_closed_at(thing uuid) returns timestamptz language sql stable as $$
  select least(c.deleted_at, u.gone_at)
  from comment c join publication u on u.id = c.publication
  where c.id = thing
$$;
comment on function comment_closed_at is 'When its author deleted a comment or its post left the page; null while it stands under a post.';

create function destroy_comment(thing uuid) returns text[] language plpgsql as $$
begin
  delete from comment_contact where comment = thing;
  update comment_version set text = '', remote_version = '' where comment = thing;
  update comment_consultation set note = '' where comment = thing;
  update comment_decision set note = '' where comment = thing;
  update comment_effect set trouble = null,
    refused_because = case when refused_because is not null then '(disposed of)' end where comment = thing;
  -- Its place in the thread stays, for the answers that other people wrote.
  update comment set text = '', remote_id = id::text, remote_version = '', url = null, language = null,
    author_remote_id = '', author_name = '(disposed of)', author_handle = null,
    deleted_at = coalesce(deleted_at, now()), revision = revision + 1
    where id = thing;
  return '{}';
end
$$;
comment on function destroy_comment is 'Destroys the words of a comment in every version, and who wrote it.';

create function request_closed_at(thing uuid) returns timestamptz language plpgsql stable as $$
begin
  return (select c.at from request_closure c where c.request_id = thing
    and not exists (select from request_appeal a where a.request_id = thing and a.determined_on is null)
    and not exists (select from production_publication p join production q on q.id = p.production_id
      where q.request_id = thing and p.withdrawn_at is null));
end
$$;
comment on function request_closed_at is 'When a records request was closed; null while it, or an appeal, is open, or a production stands in the reading room.';

create function destroy_request(thing uuid) returns text[] language plpgsql as $$
declare
  files text[];
begin
  files := array(
    select p.sha256 from production_part p join production q on q.id = p.production_id where q.request_id = thing
    union select b ->> 'sha256' from production_rendition n join production q on q.id = n.production_id,
      jsonb_array_elements(n.json::jsonb -> 'blobs') b
    where q.request_id = thing and n.json is not null and b ->> 'sha256' is not null);
  delete from production_rendition n using production q where q.id = n.production_id and q.request_id = thing;
  update production_record r set why = '', marks = '[]' from production q where q.id = r.production_id and q.request_id = thing;
  delete from request_review where request_id = thing;
  delete from production_part p using production q where q.id = p.production_id and q.request_id = thing;
  delete from production_publication u using production q where q.id = u.production_id and q.request_id = thing;
  delete from production_release r using production q where q.id = r.production_id and q.request_id = thing;
  delete from production_bag b using production q where q.id = b.production_id and q.request_id = thing;
  update production set trouble = null, cancelled_at = coalesce(cancelled_at, now()) where request_id = thing;
  delete from request_contact where request_id = thing;
  update request set text = '(disposed of)', requester_name = null, format = null where id = thing;
  update request_acknowledgement set text = '(disposed of)' where request_id = thing;
  update request_extension set reason = '(disposed of)' where request_id = thing;
  update request_closure set answer = '(disposed of)' where request_id = thing;
  update request_letter set subject = '(disposed of)', body = '(disposed of)' where request_id = thing;
  update request_message set text = '(disposed of)' where request_id = thing;
  update request_appeal set reason = '(disposed of)', note = '' where request_id = thing;
  update request_petition_determination set note = '' where request_id = thing;
  update request_task set title = '(disposed of)' where request_id = thing;
  update request_payment set note = '' where request_id = thing;
  delete from request_estimate where request_id = thing;
  return files;
end
$$;
comment on function destroy_request is 'Destroys what was asked and answered, where the requester can be reached, and the copies that were made.';

create function production_closed_at(thing uuid) returns timestamptz language sql stable as $$
  select request_closed_at(request_id) from production where id = thing
$$;
comment on function production_closed_at is 'A production is closed with its request.';

create function destroy_production(thing uuid) returns text[] language plpgsql as $$
begin
  update production_record set why = '', marks = '[]' where production_id = thing;
  return '{}';
end
$$;
comment on function destroy_production is 'The copies that a production holds go with its request; here only the reasons go that its records gave.';

create function imported_closed_at(thing uuid) returns timestamptz language plpgsql stable as $$
begin
  return (select max(coalesce(i.finished_at, i.cancelled_at, i.refused_at))
    from imported_version v join import i on i.id = v.import where v.item = thing
    having bool_and(coalesce(i.finished_at, i.cancelled_at, i.refused_at) is not null));
end
$$;
comment on function imported_closed_at is 'When the last import ended that brought an item; null while one is under way.';

create function destroy_imported(thing uuid) returns text[] language plpgsql as $$
begin
  -- Its digest would let somebody test a guess.
  delete from imported_version where item = thing;
  return '{}';
end
$$;
comment on function destroy_imported is 'Forgets the content by which a second import would know an item.';

revoke execute on function destroy_own_post, destroy_post, destroy_comment, destroy_request, destroy_production,
  destroy_imported from public, plainview_app;

insert into retention_subject (kind, holder, recorded_as) values
  ('post', 'post', 'post'),
  ('comment', 'comment', 'comment'),
  ('request', 'request', 'request'),
  ('production', 'production', 'request'),
  ('imported', 'imported_item', 'import');

-- May this be disposed of?

create function file_due(series_id text, kind_of_thing text, thing text) returns date
language plpgsql stable set search_path = public, pg_temp as $$
declare
  series retention_series;
  closed timestamptz;
  last_record timestamptz;
begin
  select * into series from retention_series where id = series_id and in_force;
  if series.years is null or not exists (select from retention_subject s where s.kind = kind_of_thing)
    or thing !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    return null;
  end if;
  execute format('select %I($1)', kind_of_thing || '_closed_at') into closed using thing::uuid;
  if closed is null then return null; end if;
  select max(r.at) into last_record from record r
  where r.subject_kind = kind_of_thing and r.subject_id = thing and r.disposition is null and series_of(r.kind) = series.id;
  return disposable_from(series.years, series.counted,
    case series.counts_from when 'closing' then greatest(closed, last_record) else last_record end);
end
$$;
comment on function file_due is 'The first day on which what a series holds about a thing may be disposed of; null while the thing is in use, or for good.';

create function file_hindrance(series_id text, kind_of_thing text, thing text) returns text
language plpgsql stable set search_path = public, pg_temp as $$
declare
  series retention_series;
  due date;
begin
  select * into series from retention_series where id = series_id and in_force;
  if series.id is null then return 'no-series'; end if;
  if series.years is null then return 'permanent'; end if;
  if not exists (select from retention_subject s where s.kind = kind_of_thing)
    or thing !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    return 'copies-unknown';
  end if;
  if not exists (select from record r where r.subject_kind = kind_of_thing and r.subject_id = thing
    and r.disposition is null and series_of(r.kind) = series.id) then
    return 'nothing-left';
  end if;
  if exists (select from held_record h where h.subject_kind = kind_of_thing and h.subject_id = thing) then
    return 'held';
  end if;
  if exists (select from record r join request_record q on q.record_id = r.id
    where r.subject_kind = kind_of_thing and r.subject_id = thing
      and not exists (select from request_closure c where c.request_id = q.request_id)) then
    return 'in-open-request';
  end if;
  if exists (select from record r join production_record m on m.record_id = r.id join production p on p.id = m.production_id
    where r.subject_kind = kind_of_thing and r.subject_id = thing and p.cancelled_at is null
      and not exists (select from production_release x where x.production_id = p.id)) then
    return 'in-unreleased-production';
  end if;
  if exists (select from record r join record_to_log w on w.record_id = r.id
    where r.subject_kind = kind_of_thing and r.subject_id = thing) then
    return 'not-in-log';
  end if;
  due := file_due(series_id, kind_of_thing, thing);
  if due is null then return 'in-use'; end if;
  if due > department_day(now()) then return 'not-due'; end if;
  return null;
end
$$;
comment on function file_hindrance is 'What stands against disposing of everything that a series holds about a thing, in a word; null when nothing does.';

create function run_hindrance(run uuid) returns text language plpgsql stable set search_path = public, pg_temp as $$
declare
  d disposition;
begin
  select * into d from disposition where id = run;
  if d.id is null then return 'no-run'; end if;
  if exists (select from disposition_refusal where disposition = run) then return 'refused'; end if;
  if exists (select from disposition_cancellation where disposition = run) then return 'cancelled'; end if;
  if (select count(distinct a.person) from disposition_approval a
      where a.disposition = run and a.person <> d.proposed_by) < 2 then
    return 'not-approved-by-two';
  end if;
  -- A series that lost its years since is permanent; one that left the pack permits nothing.
  if not exists (select from retention_series s where s.id = d.series and s.in_force) then return 'no-series'; end if;
  if (select s.permission from retention_series s where s.id = d.series)
    and not exists (select from disposition_permission p where p.disposition = run
      and p.granted_on <= department_day(now())) then
    return 'no-permission';
  end if;
  if not exists (select from disposition_order where disposition = run) then return 'not-ordered'; end if;
  if exists (select from disposition_certificate where disposition = run) then return 'ended'; end if;
  return null;
end
$$;
comment on function run_hindrance is 'What stands against carrying a run out, in a word; null when nothing does.';

create function record_disposed_lawfully() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  series_id text := series_of(old.kind);
  hindrance text;
begin
  -- A transaction with an older view of the database would not see a hold that was placed meanwhile.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'Disposition needs a transaction of read committed.' using errcode = 'check_violation';
  end if;
  lock table hold_scope in share mode;
  if not exists (select from disposition d join disposition_beginning b on b.disposition = d.id
      join disposition_file f on f.disposition = d.id
      where d.id = new.disposition and d.series = series_id
        and f.subject_kind = old.subject_kind and f.subject_id = old.subject_id)
    or exists (select from disposition_exception x where x.disposition = new.disposition
      and x.subject_kind = old.subject_kind and x.subject_id = old.subject_id) then
    hindrance := 'not-on-the-list';
  end if;
  hindrance := coalesce(hindrance, run_hindrance(new.disposition), file_hindrance(series_id, old.subject_kind, old.subject_id));
  if hindrance is not null then
    raise exception 'The record % is kept: %.', old.id, hindrance using errcode = 'check_violation';
  end if;
  return new;
end
$$;
comment on function record_disposed_lawfully is 'The last guard, whoever destroys a record and by whichever way: everything is checked again for each record.';
create trigger record_disposed_lawfully before update of disposition on record
  for each row when (new.disposition is distinct from old.disposition) execute function record_disposed_lawfully();

create function record_is_never_deleted() returns trigger language plpgsql as $$
begin
  raise exception 'A record''s row is never deleted.' using errcode = 'check_violation';
end
$$;
create trigger record_is_never_deleted before delete or truncate on record
  for each statement execute function record_is_never_deleted();
comment on function record_is_never_deleted is 'What is destroyed is the content; that there was a record stays known.';

create function keep_holds_out() returns void language sql security definer set search_path = public, pg_temp as $$
  lock table hold_scope in share mode
$$;
comment on function keep_holds_out is 'Until the transaction ends nobody can place a hold, and those being placed have been.';

create function dispose_of_file(run uuid, kind_of_thing text, thing text) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  series_id text;
  holder text;
  words_in text;
  files text[];
  redacted text[];
  copies text[];
  destroyed int;
begin
  -- Until the commit nobody can place a hold; and who was placing one has finished, so the guard sees it. This lock
  -- comes first: a hold on one record waits for the table before it waits for the record.
  lock table hold_scope in share mode;
  select d.series into series_id from disposition d where d.id = run for update;
  select s.holder, s.recorded_as into holder, words_in from retention_subject s where s.kind = kind_of_thing;
  if series_id is null or holder is null then
    raise exception 'The file % % is kept: %.', kind_of_thing, thing, case when series_id is null then 'no-run' else 'copies-unknown' end
      using errcode = 'check_violation';
  end if;
  -- Nor can anybody change the thing or collect its records for a request.
  execute format('select from %I where id = $1 for update', holder) using thing::uuid;
  perform from record r where r.subject_kind = kind_of_thing and r.subject_id = thing order by r.id for update;

  files := array(select distinct b.sha256 from record r join record_blob b on b.record_id = r.id
    where r.subject_kind = kind_of_thing and r.subject_id = thing and r.disposition is null and series_of(r.kind) = series_id);
  update record r set json = null, salt = null, words = '', by_id = null, by_name = null, clauses = '{}', disposition = run
    where r.subject_kind = kind_of_thing and r.subject_id = thing and r.disposition is null and series_of(r.kind) = series_id;
  get diagnostics destroyed = row_count;
  if destroyed = 0 then
    raise exception 'The file % % is kept: nothing-left.', kind_of_thing, thing using errcode = 'check_violation';
  end if;
  delete from record_blob b using record r
    where b.record_id = r.id and r.subject_kind = kind_of_thing and r.subject_id = thing and r.disposition = run;
  -- What was made of its images for a production, kept only so that it is not made twice.
  with gone as (delete from redacted_file where source = any (files) returning sha256)
    select array_agg(sha256) into redacted from gone;
  -- The module's copies are those of the words that its own kinds record: while another series keeps one, they stay.
  if not exists (select from record r where r.subject_kind = kind_of_thing and r.subject_id = thing
    and r.disposition is null and split_part(r.kind, '.', 1) = words_in) then
    execute format('select %I($1)', 'destroy_' || kind_of_thing) into copies using thing::uuid;
  end if;
  -- What a request kept to find records that say the same would let somebody test a guess.
  update request_record q set alike = '' from record r
    where q.record_id = r.id and r.subject_kind = kind_of_thing and r.subject_id = thing and r.disposition = run;
  insert into disposed_blob (disposition, sha256) select distinct run, file from unnest(files || redacted || copies) as file on conflict do nothing;
  insert into disposed_file (disposition, subject_kind, subject_id, records, at) values (run, kind_of_thing, thing, destroyed, now());
  return destroyed;
end
$$;
comment on function dispose_of_file is 'The only way to destroy records: content, salt, words and files of everything a series holds about a thing, and its module''s copies. Answers how many records.';

create function kept_record_only() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Waits for a disposition of this record, and looks at what became of it.
  perform from record where id = new.record_id and disposition is null for key share;
  return case when found then new end;
end
$$;
comment on function kept_record_only is 'A record that is gone is not collected; one that is being collected is not disposed of.';
create trigger kept_record_only before insert on request_record for each row execute function kept_record_only();
create trigger kept_record_only before insert on production_record for each row execute function kept_record_only();

-- Stored files.

create index post_image_by_blob on post_image (blob);
comment on index post_image_by_blob is 'Whether a stored file is still used.';
create index post_version_image on post_version using gin (images jsonb_path_ops);
comment on index post_version_image is 'Whether a stored file is still used.';
create index production_part_by_content on production_part (sha256);
comment on index production_part_by_content is 'Whether a stored file is still used.';

create function blob_in_use(file text) returns boolean language plpgsql stable as $$
begin
  return exists (select from record_blob where sha256 = file)
    or exists (select from post_image where blob = file)
    or exists (select from post_version where images @> jsonb_build_array(jsonb_build_object('blob', file)))
    or exists (select from own_post where deleted_at is null and images @> jsonb_build_array(jsonb_build_object('blob', file)))
    or exists (select from production_part where sha256 = file)
    or exists (select from production_rendition where strpos(json, file) > 0)
    or exists (select from redacted_file where sha256 = file)
    or exists (select from department where seal_blob = file);
end
$$;
comment on function blob_in_use is 'Whether anything still names a stored file. Every column that names one is in it.';
