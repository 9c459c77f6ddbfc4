-- A hold between two days covers what the archive finds between them: what was recorded then, and what was published
-- then and brought here later.

create function record_falls_between(wanted uuid, at timestamptz, since timestamptz, until timestamptz) returns boolean
language plpgsql stable as $$
begin
  return coalesce(at >= since, true) and coalesce(at <= until, true)
    or exists (select from record_posted p where p.record_id = wanted
      and coalesce(p.posted_at >= since, true) and coalesce(p.posted_at <= until, true));
end
$$;
comment on function record_falls_between is 'Whether a record''s own time, or the time its content was published, lies between two moments; null does not limit.';

create or replace view held_record as
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
  and (num_nonnulls(s.since, s.until) = 0 or record_falls_between(r.id, r.at, s.since, s.until))
where r.disposition is null;
