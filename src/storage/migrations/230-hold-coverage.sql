-- What holds cover, beside the truth: for the search, which can't read a million records at each question. Neither a record
-- nor a condition changes, so each pair is looked at once. What may be destroyed still asks held_record.

create view held_by_scope as
select s.id as scope, s.hold, r.id as record, r.subject_kind, r.subject_id
from hold_in_force h
join hold_scope s on s.hold = h.id
join record r on (s.record is null or r.id = s.record)
  and (s.subject_kind is null or r.subject_kind = s.subject_kind and r.subject_id = s.subject_id)
  and (s.page is null or r.page = s.page)
  and (s.person is null or strpos(r.json, s.person::text) > 0)
  -- As the record's JSON spells it: with its escapes, and small letters of every script.
  and (s.mentions is null or strpos(lower(r.json collate "pg_c_utf8"),
    lower(substring(to_json(s.mentions)::text from 2 for length(to_json(s.mentions)::text) - 2) collate "pg_c_utf8")) > 0)
  and (s.words is null
    or r.terms @@ case when s.sought is null then websearch_to_tsquery('english', s.words) else to_tsquery('english', s.sought) end)
  and (s.kind is null or r.kind = s.kind or starts_with(r.kind, s.kind || '.'))
  and (num_nonnulls(s.since, s.until) = 0 or record_falls_between(r.id, r.at, s.since, s.until))
where r.disposition is null;
comment on view held_by_scope is 'What each condition of each hold in force covers, worked out when it is asked for.';
create or replace view held_record as select hold, record, subject_kind, subject_id from held_by_scope;

create table hold_coverage (
  scope uuid not null references hold_scope (id),
  record uuid not null references record (id),
  subject_kind text not null,
  subject_id text not null,
  primary key (scope, record)
);
comment on table hold_coverage is 'What held_by_scope said of the records in the log, for the search. A few seconds late, and no proof of anything.';
create index hold_coverage_by_subject on hold_coverage (subject_kind, subject_id);
comment on index hold_coverage_by_subject is 'Whether anything about a thing is held.';
create index hold_coverage_by_record on hold_coverage (record);
comment on index hold_coverage_by_record is 'The conditions that cover a record.';

create table hold_coverage_progress (
  scope uuid primary key references hold_scope (id),
  -- Records before this place of the log were looked at.
  upto bigint not null check (upto >= 0)
);
comment on table hold_coverage_progress is 'How far hold_coverage is, for each condition.';

-- Words that a machine reads in a file come after the record.
create function read_words_are_covered() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into hold_coverage (scope, record, subject_kind, subject_id)
    select c.scope, c.record, c.subject_kind, c.subject_id from held_by_scope c
      join hold_scope s on s.id = c.scope
      where s.words is not null and c.record = new.id
    on conflict do nothing;
  return null;
end
$$;
comment on function read_words_are_covered is 'A record that is found by new words is covered by the holds on these words.';
create trigger read_words_are_covered after update of read_words on record
  for each row when (old.read_words is distinct from new.read_words) execute function read_words_are_covered();
