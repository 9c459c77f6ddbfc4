-- What holds cover, in the order of time: a search goes back through a hold's own records, and not through all that came
-- after them. One row a hold and record, however many of its conditions cover it. Worked out anew after this, in the
-- background; until that is done the screens say how far it is.

drop trigger read_words_are_covered on record;
drop function read_words_are_covered;
drop table hold_coverage;
delete from hold_coverage_progress;

create or replace view held_by_scope as
select s.id as scope, s.hold, r.id as record, r.subject_kind, r.subject_id, r.at
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

create table hold_coverage (
  hold uuid not null references hold (id),
  record uuid not null references record (id),
  -- The record's.
  at timestamptz(3) not null,
  subject_kind text not null,
  subject_id text not null,
  -- False: no condition covers the record, but one covers another record about the same thing, which is held as a whole.
  itself boolean not null,
  primary key (record, hold)
);
comment on table hold_coverage is 'What held_by_scope said of the records in the log, for the search. A few seconds late, and no proof of anything.';
create index hold_coverage_by_time on hold_coverage (hold, itself, at desc, record desc);
comment on index hold_coverage_by_time is 'What one hold covers, newest first.';
create index hold_coverage_of_all_by_time on hold_coverage (at desc, record desc);
comment on index hold_coverage_of_all_by_time is 'Whatever is on hold, newest first.';
create index hold_coverage_by_subject on hold_coverage (subject_kind, subject_id) where itself;
comment on index hold_coverage_by_subject is 'The holds on a thing, for a new record about it.';

create table hold_coverage_again (
  record uuid primary key references record (id)
);
comment on table hold_coverage_again is 'Records in whose files a machine read words: a hold on these words may cover them now.';

create function read_words_are_covered() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- Locked until the words are committed, also where it waits already: whoever takes it out has to see them.
  insert into hold_coverage_again (record)
    select new.id where exists (select from hold_in_force h join hold_scope s on s.hold = h.id where s.words is not null)
    on conflict (record) do update set record = excluded.record;
  return null;
end
$$;
comment on function read_words_are_covered is 'A record that is found by new words is looked at again for the holds on these words.';
create trigger read_words_are_covered after update of read_words on record
  for each row when (old.read_words is distinct from new.read_words) execute function read_words_are_covered();
