-- Retention: how long which records are kept, and the legal holds that stop their disposition.

create table retention_series (
  id text primary key,
  title text not null,
  -- Null: permanently.
  years int check (years > 0),
  counts_from text check (counts_from in ('closing', 'last-record')),
  counted text check (counted in ('end-of-year', 'day')),
  -- Whether the Supervisor of Records must permit the disposition.
  permission boolean not null,
  basis text not null,
  -- The series of every record whose kind no series names.
  others boolean not null,
  in_force boolean not null,
  check ((years is null) = (counts_from is null)),
  check ((years is null) = (counted is null))
);
comment on table retention_series is 'The series of the policy pack, written at each start by the owner: the application can''t shorten a period.';
create unique index retention_series_others on retention_series (others) where others and in_force;
comment on index retention_series_others is 'One series takes what no other names.';

create table retention_kind (
  -- A kind (''post.edit''), or the first word of all that are not named themselves (''post'').
  pattern text primary key,
  series text not null references retention_series (id)
);
comment on table retention_kind is 'Which kinds of records belong to which series.';

create table retention_subject (
  -- ''post'': the functions post_closed_at(uuid) and destroy_post(uuid) belong to it.
  kind text primary key,
  -- The table whose row is locked while its copies are destroyed.
  holder text not null,
  -- The first word of the kinds of records that hold the same words as these copies.
  recorded_as text not null
);
comment on table retention_subject is 'Things whose module has said when they are closed and how its copies of their words are destroyed. Of anything else no record is disposed of.';

revoke insert, update, delete, truncate on retention_series, retention_kind, retention_subject from plainview_app;

create function series_of(kind text) returns text language sql stable as $$
  select coalesce(
    (select series from retention_kind where pattern = kind),
    (select series from retention_kind where pattern = split_part(kind, '.', 1)),
    (select id from retention_series where others and in_force))
$$;
comment on function series_of is 'The one series that a kind of record belongs to.';

create function department_day(at timestamptz) returns date language sql stable as $$
  select (at at time zone coalesce((select time_zone from department), 'America/New_York'))::date
$$;
comment on function department_day is 'The day on the department''s calendar.';

create function disposable_from(years int, counted text, event timestamptz) returns date language sql stable as $$
  select (case counted
      when 'end-of-year' then make_date(extract(year from department_day(event))::int, 12, 31)
      else department_day(event) end + make_interval(years => years))::date + 1
$$;
comment on function disposable_from is 'The first day after the period that began with an event.';

-- Holds.

create table hold (
  id uuid primary key,
  -- The case, claim or matter that it is for.
  matter text not null check (matter <> ''),
  reason text not null check (reason <> ''),
  -- Who has such records, and what was said to them.
  custodians text not null,
  placed_by uuid not null references person (id),
  placed_at timestamptz not null
);
comment on table hold is 'A legal hold: what it covers is not disposed of until it is released.';
create index hold_by_time on hold (placed_at desc, id);
comment on index hold_by_time is 'The list of holds, newest first.';

create table hold_scope (
  id uuid primary key,
  hold uuid not null references hold (id),
  record uuid references record (id),
  subject_kind text,
  subject_id text,
  page uuid references page (id),
  person uuid references person (id),
  -- A name, handle or number that stands anywhere in the record.
  mentions text check (mentions <> ''),
  words text check (words <> ''),
  kind text check (kind <> ''),
  since timestamptz,
  until timestamptz,
  placed_by uuid not null references person (id),
  placed_at timestamptz not null,
  check ((subject_kind is null) = (subject_id is null)),
  check (num_nonnulls(record, subject_kind, page, person, mentions, words, kind, since, until) > 0)
);
comment on table hold_scope is 'What a hold covers: records that meet every condition of a row, those yet to come included. A hold covers what any of its rows covers.';
create index hold_scope_by_hold on hold_scope (hold, placed_at);
comment on index hold_scope_by_hold is 'What one hold covers.';

create table hold_release (
  hold uuid primary key references hold (id),
  reason text not null check (reason <> ''),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table hold_release is 'The matter is over: this hold holds nothing any more. What another one covers stays held.';

create table hold_merge (
  hold uuid primary key references hold (id),
  into_hold uuid not null references hold (id) check (into_hold <> hold),
  reason text not null check (reason <> ''),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table hold_merge is 'A hold that goes on as part of another, which covers from then on what both covered.';

revoke update, delete, truncate on hold, hold_scope, hold_release, hold_merge from plainview_app;

create view hold_in_force as
select h.* from hold h
where not exists (select from hold_release r where r.hold = h.id)
  and not exists (select from hold_merge m where m.hold = h.id);
comment on view hold_in_force is 'Holds that are neither released nor part of another.';

create function hold_ends() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- In the order of their ids, so that two merges never wait for each other.
  perform from hold where id = any (case tg_table_name
    when 'hold_merge' then array[new.hold, (to_jsonb(new) ->> 'into_hold')::uuid]
    else array[new.hold] end) order by id for update;
  if not exists (select from hold_in_force where id = new.hold) then
    raise exception 'The hold % has ended already.', new.hold using errcode = 'check_violation';
  end if;
  if tg_table_name = 'hold_merge' then
    if not exists (select from hold_in_force where id = (to_jsonb(new) ->> 'into_hold')::uuid) then
      raise exception 'A hold can only become part of one that is in force.' using errcode = 'check_violation';
    end if;
    insert into hold_scope (id, hold, record, subject_kind, subject_id, page, person, mentions, words, kind,
      since, until, placed_by, placed_at)
    select gen_random_uuid(), (to_jsonb(new) ->> 'into_hold')::uuid, record, subject_kind, subject_id, page, person,
      mentions, words, kind, since, until, placed_by, placed_at
    from hold_scope where hold = new.hold;
  end if;
  return new;
end
$$;
comment on function hold_ends is 'A hold ends once. What a merged one covers goes to the other in the same statement, so nothing is free in between.';
create trigger hold_ends before insert on hold_release for each row execute function hold_ends();
create trigger hold_ends before insert on hold_merge for each row execute function hold_ends();

create function hold_scope_of_hold_in_force() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform from hold where id = new.hold for key share;
  if not exists (select from hold_in_force where id = new.hold) then
    raise exception 'The hold % has ended; nothing can be added to it.', new.hold using errcode = 'check_violation';
  end if;
  return new;
end
$$;
comment on function hold_scope_of_hold_in_force is 'What is added to a hold while it is being merged must not be lost with it.';
create trigger hold_scope_of_hold_in_force before insert on hold_scope
  for each row execute function hold_scope_of_hold_in_force();
