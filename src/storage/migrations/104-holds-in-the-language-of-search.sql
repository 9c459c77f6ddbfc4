-- A hold by words covers what the archive finds by them: in its own language of words, phrases, nearness and NOT.

alter table hold_scope add column sought text;
comment on column hold_scope.sought is 'What the archive makes of the words, for to_tsquery; null in a hold from before it had a language of its own.';

create or replace function hold_ends() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
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
    insert into hold_scope (id, hold, record, subject_kind, subject_id, page, person, mentions, words, sought, kind,
      since, until, placed_by, placed_at)
    select gen_random_uuid(), (to_jsonb(new) ->> 'into_hold')::uuid, record, subject_kind, subject_id, page, person,
      mentions, words, sought, kind, since, until, placed_by, placed_at
    from hold_scope where hold = new.hold;
  end if;
  return new;
end
$$;

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
  and (s.words is null
    or r.terms @@ case when s.sought is null then websearch_to_tsquery('english', s.words) else to_tsquery('english', s.sought) end)
  and (s.kind is null or r.kind = s.kind or starts_with(r.kind, s.kind || '.'))
  and (num_nonnulls(s.since, s.until) = 0 or record_falls_between(r.id, r.at, s.since, s.until))
where r.disposition is null;
